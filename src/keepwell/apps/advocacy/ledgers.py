"""Activities and requests as tables that datasets may name, so that advocacy is metrics like any other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from keepwell.apps.advocacy.days import noon_of, zone_of
from keepwell.apps.advocacy.models import Activity, ActivityChange, RequestStep
from keepwell.apps.health.ledgers import register_ledger, register_ledger_by_project
from keepwell.definitions.advocacy import REQUESTS_TABLE, TABLE, AdvocacyActivity, activities_of
from keepwell.definitions.project import Project
from keepwell.engine.advocacy.facts import ACTIVITIES, REQUESTS
from keepwell.engine.advocacy.points import WON, worth

_NOTHING = AdvocacyActivity(points=0)
"""A kind that was taken out of the definitions: its activities count, and are worth nothing."""

_OF_CHANGE = (
    "activity_id", "activity__account_id", "activity__person_id", "activity__kind", "happened_on", "site", "rating",
    "deal_key", "amount", "result", "is_withdrawn", "holds_from", "recorded_at",
)  # fmt: skip


def register() -> None:
    register_ledger_by_project(TABLE, activities)
    register_ledger(REQUESTS_TABLE, requests)


def activities(accounts: Collection[str] | None, project: Project | None) -> pa.Table:
    """Every change of every activity, with points by the definitions of `project`."""
    found = ActivityChange.objects.all()
    if accounts is not None:
        found = found.filter(activity__account_id__in=accounts)
    kinds, first = activities_of(project), _first_of_deals(accounts)
    zone = zone_of(project)
    rows = (dict(zip(_OF_CHANGE, row, strict=True)) for row in found.order_by("pk").values_list(*_OF_CHANGE))
    return _table((_row(row, kinds.get(row["activity__kind"], _NOTHING), first, zone) for row in rows), ACTIVITIES)


def requests(accounts: Collection[str] | None) -> pa.Table:
    """A row each time the status of a request changed, of those that somebody was found for."""
    found = RequestStep.objects.filter(account__isnull=False)
    if accounts is not None:
        found = found.filter(account_id__in=accounts)
    values = found.order_by("pk").values_list(
        "request_id", "account_id", "person_id", "request__kind", "status", "request__made_at", "at", "at",
        "request__amount",
    )  # fmt: skip
    named = (dict(zip(REQUESTS.names, row, strict=True)) for row in values)
    rows = ({**row, "request_id": str(row["request_id"]), "person_id": _text(row["person_id"])} for row in named)
    return _table(rows, REQUESTS)


def _table(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    found = list(rows)
    arrays = [pa.array([row.get(field.name) for row in found], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _row(row: dict[str, Any], kind: AdvocacyActivity, first: frozenset[int], zone: ZoneInfo) -> dict[str, Any]:
    amount = row["amount"] if row["deal_key"] else None
    counted = (amount or 0.0) if row["activity_id"] in first else 0.0
    return {
        "activity_id": str(row["activity_id"]),
        "account_id": row["activity__account_id"],
        "person_id": _text(row["activity__person_id"]),
        "kind": row["activity__kind"],
        "happened_on": row["happened_on"],
        "occurred_at": noon_of(row["happened_on"], zone),
        "changed_at": row["holds_from"],
        "recorded_at": row["recorded_at"],
        "is_withdrawn": row["is_withdrawn"],
        "points": worth(kind, amount, row["result"]),
        "half_life_days": kind.half_life,
        "zero_after_days": kind.zero_after,
        "site": row["site"] or None,
        "rating": row["rating"],
        "deal": row["deal_key"] or None,
        "result": row["result"] or None,
        "influenced": counted,
        "won": counted if row["result"] == WON else 0.0,
    }


def _first_of_deals(accounts: Collection[str] | None) -> frozenset[int]:
    """Of each account and deal the activity that came first: the deal's amount counts there alone."""
    found = Activity.objects.filter(is_withdrawn=False).exclude(deal_key="")
    if accounts is not None:
        found = found.filter(account_id__in=accounts)
    first: dict[tuple[str, str], int] = {}
    for pk, account, deal in found.order_by("happened_on", "pk").values_list("pk", "account_id", "deal_key"):
        first.setdefault((account, deal), pk)
    return frozenset(first.values())


def _text(value: object) -> str | None:
    return None if value is None else str(value)
