"""Answers about adoption for pages, panels and the API, kept while the facts and the accounts are the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from keepwell.apps.adoption.asking import Scope
from keepwell.apps.adoption.counting import COUNTING, Watch, Work
from keepwell.apps.adoption.place import opened, opening, version_of
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

NAME_DAYS, MOST_NAMES = 90, 500
"""How far back names of events are read, and how many at most."""

Read = Callable[[Statements], Any]


def days_of(scope: Scope, by: By) -> DaysOfUse:
    """The days on which people (or accounts) of the scope used it."""
    found: DaysOfUse = _daily(scope, ("days", by), lambda one: read_days(one, as_of=scope.as_of, by=by))
    return found


def active_of(scope: Scope, by: By = "person") -> Active:
    found: Active = _of_days(scope, by, "active", lambda days: active(days, today=scope.today))
    return found


def lifecycle_of(scope: Scope, by: By, period: Period) -> Lifecycle:
    found: Lifecycle = _of_days(
        scope, by, ("lifecycle", period), lambda days: lifecycle(days, period, today=scope.today)
    )
    return found


def retention_of(scope: Scope, by: By, period: Period, periods: int = 24) -> Retention:
    found: Retention = _of_days(
        scope, by, ("retention", period, periods),
        lambda days: retention(days, period, periods=periods, today=scope.today),
    )  # fmt: skip
    return found


def matrix_of(scope: Scope, window: int, accounts: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """A row for each account and feature, of some of the accounts where they are named; see `adoption_matrix`."""
    among = None if accounts is None else tuple(accounts)

    def read(statements: Statements) -> pa.Table:
        return features.adoption_matrix(statements, as_of=scope.as_of, window=window, among=among)

    found: pa.Table = _daily(scope, ("matrix", window, among), read)
    return found.to_pylist()


def reach_of(scope: Scope, window: int) -> list[dict[str, Any]]:
    """A row for each feature; see `feature_reach`."""
    found: list[dict[str, Any]] = _daily(
        scope, ("reach", window),
        lambda one: features.feature_reach(one, as_of=scope.as_of, window=window).to_pylist(),
    )  # fmt: skip
    return found


def nobodys_of(scope: Scope, window: int = 28) -> tuple[int, int]:
    """Events of the last days that name no account, and all of them: for those from whom no account is hidden."""

    def read(statements: Statements) -> tuple[int, int]:
        row = features.without_account(statements, as_of=scope.as_of, window=window)
        return row["without"], row["events"]

    found: tuple[int, int] = _asked(scope, scope.source.daily, ("nobody's", window), read, of_everybody=True)
    return found


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

    found: list[dict[str, Any]] = _daily(scope, ("first", what, is_feature, hash(tuple(rows))), read)
    return found


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

    key = ("funnel", tuple(steps), days, within, by, tuple(segments))
    found: list[Reached] = _asked(scope, scope.source.events, key, read)
    return found


def paths_of(scope: Scope, event: str, *, days: int, towards: bool, depth: int) -> list[Link]:
    """From or towards an event, over the last `days`."""

    def read(statements: Statements) -> list[Link]:
        return paths(statements, event, first=_first(scope, days), last=scope.as_of, towards=towards, depth=depth)

    found: list[Link] = _asked(scope, scope.source.events, ("paths", event, days, towards, depth), read)
    return found


def names_of(scope: Scope, days: int = NAME_DAYS) -> tuple[list[str], list[str]]:
    """Events and features of the last days, the most frequent first: what one can choose."""

    def read(statements: Statements) -> tuple[list[str], list[str]]:
        since = f"day >= date '{_first(scope, days)}'"
        statement = (
            "select {0} as name from kw_usage where {1} and {0} is not null "
            f"group by 1 order by sum(events) desc, 1 limit {MOST_NAMES}"
        )
        events, found = (
            statements.ask(statement.format(column, since))["name"].to_pylist() for column in ("event", "feature")
        )
        return events, found

    found: tuple[list[str], list[str]] = _asked(scope, scope.source.events, ("names", days), read)
    return found


def _first(scope: Scope, days: int) -> date:
    return scope.as_of - timedelta(days=days - 1)


def _segments(scope: Scope) -> list[tuple[str, str]]:
    rows = Account.objects.filter(pk__in=scope.accounts).values_list("pk", "segments")
    return sorted((pk, segment) for pk, held in rows for segment in held)


def _of_days(scope: Scope, by: By, what: Hashable, work: Callable[[DaysOfUse], Any]) -> Any:
    """Made from the days of use, beside the page too."""
    days = days_of(scope, by)
    key = (scope.key(scope.source.daily), by, what)
    return COUNTING.of(key, version_of(scope.project, scope.source.daily), lambda: lambda _: work(days))


def _daily(scope: Scope, what: Hashable, read: Read) -> Any:
    return _asked(scope, scope.source.daily, what, read)


def _asked(scope: Scope, dataset: str, what: Hashable, read: Read, *, of_everybody: bool = False) -> Any:
    def prepare() -> Work:
        given = opening(scope.project, dataset, None if of_everybody else scope.accounts, as_of=scope.as_of)

        def work(watch: Watch) -> Any:
            with opened(given, watch) as statements:
                return read(statements)

        return work

    return COUNTING.of((scope.key(dataset), what), version_of(scope.project, dataset), prepare)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
