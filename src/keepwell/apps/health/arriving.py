"""Whoever writes rows of a ledger says so in the same transaction: the live process then counts them within seconds."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.models import Arrival


def facts_came(accounts: Iterable[str], *, ledger: str) -> None:
    """Rows of a ledger (`ledgers.register_ledger`) were added, changed or deleted for these accounts.

    Call it in the transaction that writes them. After it is committed the metrics over the ledger are new for these
    accounts within about two seconds, and with them all that rests on them; rules follow. It is cheap: call it as often
    as rows are written. Nothing is noted where no dataset of the project names the ledger.
    """
    project = current_project()
    if project is None or not any(dataset.table == ledger for dataset in project.datasets.values()):
        return
    now = timezone.now()
    Arrival.objects.bulk_create(
        (Arrival(account_id=account, ledger=ledger, at=now) for account in sorted(set(accounts))), batch_size=5000
    )
