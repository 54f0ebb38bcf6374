"""Whoever writes rows of a ledger says so in the same transaction: the live process then counts them within seconds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_digest
from keepwell.apps.health.models import Arrival


def facts_came(accounts: Iterable[str], *, ledger: str) -> None:
    """Rows of a ledger (`ledgers.register_ledger`) were added, changed or deleted for these accounts.

    Call it in the transaction that writes them. After it is committed the metrics over the ledger are new for these
    accounts within about two seconds, and with them all that rests on them; rules follow. It is cheap: call it as often
    as rows are written. Nothing is noted where no dataset of the project names the ledger.
    """
    digest = current_digest()
    if digest is None or ledger not in _tables(digest):
        return
    now = timezone.now()
    Arrival.objects.bulk_create(
        (Arrival(account_id=account, ledger=ledger, at=now) for account in sorted(set(accounts))), batch_size=5000
    )


def watch(model: type[Model], ledger: str) -> None:
    """Says it for every row of a model that is saved or deleted by itself; it has an `account_id`.

    Rows that are written many at once, or by an update, tell nobody: whoever does that calls `facts_came`.
    """

    def came(instance: Model, **_: object) -> None:
        account = getattr(instance, "account_id", None)
        if account:
            facts_came([account], ledger=ledger)

    for signal in (post_save, post_delete):
        signal.connect(came, sender=model, weak=False, dispatch_uid=f"facts came: {ledger}")


@lru_cache(maxsize=8)
def _tables(digest: str) -> frozenset[str]:
    """What the datasets of a version name as their tables."""
    project = project_of(Version.objects.filter(digest=digest)[0].files)
    return frozenset(one.table for one in project.datasets.values() if one.table)
