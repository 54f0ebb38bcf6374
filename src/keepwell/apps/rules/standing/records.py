"""What only records know of accounts: stage, owner, late milestones, and what apps above count."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime

import pyarrow as pa
from django.db.models import F, OuterRef, QuerySet, Subquery

from keepwell.apps.customers.models import Account, StageChange
from keepwell.definitions.rule_names import STAGES

Count = Callable[[Collection[str] | None], Mapping[str, float]]
"""A number by account, of some accounts (None: all); without a number an account has none."""

CountThen = Callable[[date], Mapping[str, float]]
"""The same of all accounts at the end of a day of the past."""

_COUNTS: dict[str, Count] = {}
COUNTS_THEN: dict[str, CountThen] = {}


def register_count(name: str, count: Count, then: CountThen | None = None) -> None:
    """A name that rules know, such as open_calls, counted by the app that has what is counted."""
    _COUNTS[name] = count
    if then is not None:
        COUNTS_THEN[name] = then


def asks_records(names: Collection[str]) -> bool:
    """Whether any of these names is known from records alone: reading those of everybody takes longer than matching."""
    return any(name in STAGES or name in _COUNTS or name.startswith("owner.") for name in names)


def records(accounts: Collection[str] | None = None) -> pa.Table:
    """By `account_id`: stage, stage_since, owner.name, owner.email and the registered counts. `accounts` None: all.

    A stage that no move is known of began when the account did; an account in no stage is there since no day.
    """
    rows = list(_rows(accounts))
    columns: dict[str, pa.Array] = {
        "account_id": _texts(row[0] for row in rows),
        "stage": _texts(row[1] or None for row in rows),
        "stage_since": pa.array([(_day(row[2]) or row[3]) if row[1] else None for row in rows], pa.date32()),
        "owner.name": _texts(row[4] or row[5] or None for row in rows),
        "owner.email": _texts(row[6] for row in rows),
    }
    for name, count in _COUNTS.items():
        found = count(accounts)
        columns[name] = pa.array([found.get(str(row[0])) for row in rows], pa.float64())
    return pa.table(columns)


def _rows(accounts: Collection[str] | None) -> QuerySet[Account, tuple[object, ...]]:
    found = Account.objects.filter(in_population=True)
    if accounts is not None:
        found = found.filter(pk__in=accounts)
    came = StageChange.objects.filter(account=OuterRef("pk")).order_by("-occurred_at", "-pk")
    return found.order_by("pk").values_list(
        "pk", "stage", Subquery(came.values("occurred_at")[:1]), "started_on",
        F("owner__name"), "owner_name", F("owner__email"),
    )  # fmt: skip


def _texts(values: Iterable[object]) -> pa.Array:
    return pa.array(list(values), pa.string())


def _day(moment: object) -> date | None:
    return moment.date() if isinstance(moment, datetime) else None
