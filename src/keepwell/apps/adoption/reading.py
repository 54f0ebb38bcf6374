"""Answers about adoption for pages, panels and the API, kept while the facts and the accounts are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from keepwell.apps.adoption.asking import Scope
from keepwell.apps.adoption.kept import Kept
from keepwell.apps.adoption.place import opened
from keepwell.apps.customers.models import Account
from keepwell.engine.adoption import features
from keepwell.engine.adoption.active import Active, active
from keepwell.engine.adoption.days import By, DaysOfUse, read_days
from keepwell.engine.adoption.funnels import Reached, Step, funnel, segments_table
from keepwell.engine.adoption.lifecycle import Lifecycle, lifecycle
from keepwell.engine.adoption.paths import Link, paths
from keepwell.engine.adoption.periods import Period
from keepwell.engine.adoption.quoting import text
from keepwell.engine.adoption.retention import Retention, retention
from keepwell.lake.warehouse.statements import Statements

SEATS = "seats"
"""The attribute of accounts that says how many licences they bought."""

_ANSWERS: Kept[Any] = Kept(48)
_DAYS: Kept[DaysOfUse] = Kept(8)


def days_of(scope: Scope, by: By) -> DaysOfUse:
    """The days on which people (or accounts) of the scope used it."""

    def read() -> DaysOfUse:
        with opened(scope.project, scope.source.daily, scope.accounts, as_of=scope.as_of) as statements:
            return read_days(statements, as_of=scope.as_of, by=by)

    return _DAYS.of((scope.key(scope.source.daily), by), read)


def active_of(scope: Scope, by: By = "person") -> Active:
    return active(days_of(scope, by), today=scope.today)


def lifecycle_of(scope: Scope, by: By, period: Period) -> Lifecycle:
    return lifecycle(days_of(scope, by), period, today=scope.today)


def retention_of(scope: Scope, by: By, period: Period, periods: int = 24) -> Retention:
    return retention(days_of(scope, by), period, periods=periods, today=scope.today)


def matrix_of(scope: Scope, window: int) -> list[dict[str, Any]]:
    """A row for each account and feature; see `adoption_matrix`."""
    return _daily(scope, ("matrix", window), lambda one: _rows(features.adoption_matrix, one, scope, window))


def reach_of(scope: Scope, window: int) -> list[dict[str, Any]]:
    """A row for each feature; see `feature_reach`."""
    return _daily(scope, ("reach", window), lambda one: _rows(features.feature_reach, one, scope, window))


def use_of(scope: Scope, window: int = 28) -> list[dict[str, Any]]:
    """A row for each account of the scope, used or not: `use_of_accounts` with name, seats and utilisation."""
    used = _daily(scope, ("use", window), lambda one: features.use_of_accounts(one, as_of=scope.as_of, window=window))
    found = Account.objects.filter(pk__in=scope.accounts).order_by("name", "pk")
    accounts = list(found.values_list("pk", "name", f"attributes__{SEATS}"))
    seats = pa.table(
        {"account": pa.array([pk for pk, _, _ in accounts], pa.string()),
         "seats": pa.array([_number(one) for _, _, one in accounts], pa.float64())}
    )  # fmt: skip
    shares = {row["account"]: row for row in features.licence_utilisation(used, seats).to_pylist()}
    by_account = {row["account"]: row for row in used.to_pylist()}
    nothing = dict.fromkeys(used.column_names) | dict.fromkeys(
        ("events", "active_days", "daily", "weekly", "monthly", "breadth"), 0
    )
    return [
        {**nothing, **by_account.get(pk, {}), "account": pk, "name": name, "seats": shares[pk]["seats"],
         "utilisation": shares[pk]["utilisation"]}
        for pk, name, _ in accounts
    ]  # fmt: skip


def first_value_of(scope: Scope, what: str = "", *, is_feature: bool = False) -> list[dict[str, Any]]:
    """account, started_on, first_on, days for each account: from its start to the first use of an event or feature.

    Any use at all without `what`.
    """
    column = "feature" if is_feature else "event"
    condition = f"{column} = {text(what)}" if what else "true"
    rows = list(Account.objects.filter(pk__in=scope.accounts).order_by("pk").values_list("pk", "started_on"))
    started = pa.table(
        {"account": pa.array([pk for pk, _ in rows], pa.string()),
         "started_on": pa.array([day for _, day in rows], pa.date32())}
    )  # fmt: skip

    def read(statements: Statements) -> list[dict[str, Any]]:
        found = features.time_to_first_value(statements, started, as_of=scope.as_of, condition=condition)
        return found.to_pylist()

    return _daily(scope, ("first", what, is_feature, tuple(rows)), read)


def funnel_of(
    scope: Scope, steps: Sequence[Step], *, days: int, within: int, by: By = "person", by_segment: bool = False
) -> list[Reached]:
    """`days`: how far back; `within`: days from the first step to the last."""
    segments = _segments(scope) if by_segment else ()

    def read(statements: Statements) -> list[Reached]:
        if by_segment:
            statements.take("kw_segments", segments_table(segments))
        return funnel(
            statements, steps, first=_first(scope, days), last=scope.as_of, within=timedelta(days=within),
            exact=scope.source.exact, by=by, segment="kw_segments" if by_segment else None,
        )  # fmt: skip

    key = (scope.key(scope.source.events), "funnel", tuple(steps), days, within, by, tuple(segments))
    return _kept(scope, key, read)


def paths_of(scope: Scope, event: str, *, days: int, towards: bool, depth: int) -> list[Link]:
    """From or towards an event, over the last `days`."""

    def read(statements: Statements) -> list[Link]:
        return paths(statements, event, first=_first(scope, days), last=scope.as_of, towards=towards, depth=depth)

    return _kept(scope, (scope.key(scope.source.events), "paths", event, days, towards, depth), read)


def names_of(scope: Scope, days: int = 90) -> tuple[list[str], list[str]]:
    """Events and features of the last days, the most frequent first: what one can choose."""

    def read(statements: Statements) -> tuple[list[str], list[str]]:
        since = f"day >= date '{_first(scope, days)}'"
        statement = (
            "select {0} as name from kw_usage where {1} and {0} is not null "
            "group by 1 order by sum(events) desc, 1 limit 500"
        )
        events, found = (
            statements.ask(statement.format(column, since))["name"].to_pylist() for column in ("event", "feature")
        )
        return events, found

    return _kept(scope, (scope.key(scope.source.events), "names", days), read)


def _first(scope: Scope, days: int) -> date:
    return scope.as_of - timedelta(days=days - 1)


def _segments(scope: Scope) -> list[tuple[str, str]]:
    rows = Account.objects.filter(pk__in=scope.accounts).values_list("pk", "segments")
    return sorted((pk, segment) for pk, held in rows for segment in held)


def _daily(scope: Scope, what: tuple[object, ...], read: Callable[[Statements], Any]) -> Any:
    def work() -> Any:
        with opened(scope.project, scope.source.daily, scope.accounts, as_of=scope.as_of) as statements:
            return read(statements)

    return _ANSWERS.of((scope.key(scope.source.daily), what), work)


def _kept(scope: Scope, key: tuple[object, ...], read: Callable[[Statements], Any]) -> Any:
    def work() -> Any:
        with opened(scope.project, scope.source.events, scope.accounts, as_of=scope.as_of) as statements:
            return read(statements)

    return _ANSWERS.of(key, work)


def _rows(ask: Callable[..., pa.Table], statements: Statements, scope: Scope, window: int) -> list[dict[str, Any]]:
    return ask(statements, as_of=scope.as_of, window=window).to_pylist()


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
