"""Definitions with an empty lake, as an installation has them before its first import."""

from __future__ import annotations

FILES = {
    "keepwell.yaml": "time_zone: UTC\n",
    "datasets.yaml": """\
datasets:
  accounts: {role: accounts, file: accounts.csv, key: id, name: name, arr: arr, renews_on: renews_on, stage: stage}
  usage: {file: usage.csv, account: account, occurred_at: at}
""",
}
THERE = 10_000
"""Accounts that there are already; people belong to them."""


def publish_definitions() -> None:
    from keepwell.apps.access.actors import System
    from keepwell.apps.configuration.operations import publish
    from keepwell.apps.customers.models import Account

    publish(actor=System("benchmark"), files=FILES, note="First")
    Account.objects.bulk_create((Account(id=f"there-{n}", name=f"There {n}") for n in range(THERE)), batch_size=2000)
