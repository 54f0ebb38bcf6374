"""Values that came in since the last run, kept by account so that any process can score and explain with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec
from django.db import connection

from keepwell.apps.health.models import LiveValues
from keepwell.definitions.project import Project
from keepwell.engine.ascent import resting_on_scores
from keepwell.engine.overlaying import Newer, Row, overlaid, rows_of
from keepwell.engine.restricting import restricted
from keepwell.engine.values import Values

_ACCOUNT, _UNITS = "account", "units"
_encode, _decode = msgspec.json.encode, msgspec.json.Decoder().decode
Kept = Mapping[date, Newer]
"""By date: each account stands under one."""


def save(run_id: int, values: Values, known_at: datetime) -> None:
    """The values of their accounts, all of one run; what was kept of them before is replaced."""
    rows = _by_account(values)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into health_livevalues (account_id, run_id, as_of, known_at, row) "
            "select account_id, %s, %s, %s, row from unnest(%s::text[], %s::bytea[]) as new(account_id, row) "
            "on conflict (account_id) do update set run_id = excluded.run_id, as_of = excluded.as_of, "
            "known_at = excluded.known_at, row = excluded.row",
            [run_id, values.as_of, known_at, list(rows), [_encode(row) for row in rows.values()]],
        )


def forget_others(run_id: int) -> None:
    """Values since another run count no more."""
    LiveValues.objects.exclude(run_id=run_id).delete()


def newer_of(run_id: int, accounts: Collection[str]) -> Kept:
    """What came in of these accounts since a run."""
    found: dict[date, Newer] = {}
    kept = LiveValues.objects.filter(run_id=run_id, account_id__in=accounts)
    for account, as_of, row in kept.values_list("account_id", "as_of", "row"):
        newer = found.setdefault(as_of, Newer(as_of, {}, {}))
        content = _decode(bytes(row))
        _into(newer.accounts, {account: content[_ACCOUNT]})
        _into(newer.relationships, content[_UNITS])
    return found


def with_newer(project: Project, values: Values, kept: Kept) -> Iterator[Values]:
    """The values of accounts with what came in since: those of each date apart, unless they rest on one another."""
    if not kept:
        yield values
    elif resting_on_scores(project):
        yield overlaid(values, _together(list(kept.values())))
    else:
        for newer in kept.values():
            yield overlaid(restricted(values, newer.accounts.keys()), newer)
        named = {account for newer in kept.values() for account in newer.accounts}
        rest = set(values.accounts.ids.to_pylist()) - named
        if rest:
            yield restricted(values, rest)


def _by_account(values: Values) -> dict[str, Row]:
    units: dict[str, dict[str, Row]] = {account: {} for account in values.accounts.ids.to_pylist()}
    if values.relationships is not None:
        owners = values.relationships.accounts.to_pylist()
        for owner, (unit, row) in zip(owners, rows_of(values.relationships).items(), strict=True):
            units[owner][unit] = row
    return {one: {_ACCOUNT: row, _UNITS: units[one]} for one, row in rows_of(values.accounts).items()}


def _together(newer: Sequence[Newer]) -> Newer:
    accounts: dict[str, Row] = {}
    units: dict[str, Row] = {}
    for one in newer:
        accounts |= one.accounts
        units |= one.relationships
    return Newer(max(one.as_of for one in newer), accounts, units)


def _into(held: Mapping[str, Row], more: Mapping[str, Row]) -> None:
    assert isinstance(held, dict)
    held.update(more)
