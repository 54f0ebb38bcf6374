"""Events of four weeks: Acme and Brix are Ada's, Zeta is Cyd's; two people at Acme, one at each of the others."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.place import lake
from keepwell.lake.place import FACTS
from keepwell.lake.tables import TableLayout
from tests.apps.scored import TODAY

LIVE = """\
datasets:
  events:
    {table: keepwell.events, account: account_id, occurred_at: occurred_at, recorded_at: received_at, person: person,
     event: event, feature: feature}
  usage_daily:
    {table: keepwell.usage_daily, account: account_id, occurred_at: local_day, person: person, event: event,
     feature: feature, events: events}
"""
FEATURES = """\
features:
  boards: {product: core, module: projects, title: Boards, rules: [{event: "board_*"}]}
  exports: {product: core, module: data, rules: [{event: clicked, properties: {button: export}}]}
"""
DAILY = pa.schema(
    [("account_id", pa.string()), ("person", pa.string()), ("event", pa.string()), ("feature", pa.string()),
     ("local_day", pa.date32()), ("events", pa.int64())]
)  # fmt: skip


def event(person: str, account: str, name: str, back: int, minute: int = 0, **more: Any) -> dict[str, Any]:
    """Something somebody did `back` days before the last day."""
    at = datetime(TODAY.year, TODAY.month, TODAY.day, 12, minute, tzinfo=UTC) - timedelta(days=back)
    properties = json.dumps(more["properties"]) if "properties" in more else None
    return {
        "message_id": f"{person}-{name}-{back}-{minute}", "type": "track", "event": name,
        "feature": more.get("feature"),
        "person": person, "anonymous": False, "account_id": account, "source": "web", "occurred_at": at,
        "received_at": at, "local_day": at.date(), "url": more.get("url"), "properties": properties,
    }  # fmt: skip


EVENTS = [
    *(event("ann", "acme", "board_opened", back, feature="boards") for back in range(0, 28, 2)),
    *(event("ann", "acme", "board_shared", back, 5, feature="boards") for back in range(0, 28, 7)),
    *(event("bob", "acme", "signed_in", back) for back in (0, 20)),
    event("bob", "acme", "clicked", 20, 9, properties={"button": "export"}, feature="exports"),
    *(event("cat", "brix", "signed_in", back) for back in (1, 9)),
    *(event("zoe", "zeta", "secret_event", back, feature="boards") for back in range(10)),
]


def write_events(events: list[dict[str, Any]]) -> None:
    from keepwell.apps.usage.draining.rows import EVENTS as SCHEMA

    rows = pa.Table.from_pylist(events, schema=SCHEMA)
    table = lake().table(FACTS + "keepwell.events", TableLayout(partition_by=("local_day",), sort_by=("account_id",)))
    table.append(rows)
    counted = rows.group_by(DAILY.names[:-1]).aggregate([([], "count_all")]).rename_columns(DAILY.names).cast(DAILY)
    daily = lake().table(FACTS + "keepwell.usage_daily", TableLayout(partition_by=("local_day",), sort_by=("event",)))
    daily.append(counted)


@pytest.fixture
def used(company: Account) -> Account:
    """The company with its events, and a feature map."""
    version = current_version()
    assert version is not None
    files = {**version.files, "live.yaml": LIVE, "features.yaml": FEATURES}
    publish(actor=System("tests"), files=files, note="Events")
    write_events(EVENTS)
    Account.objects.filter(pk="acme").update(attributes={"seats": 4})
    return company
