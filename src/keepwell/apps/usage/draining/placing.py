"""Events get their account afterwards, once a `group` call says for whom their person acts.

What is to change is decided once and kept in PostgreSQL under a number; then each table of the lake takes it in one
commit that notes the number, so that whoever is killed in between leaves the rest to the next, and nothing is done
twice. Daily use is corrected by rows that are added: what counted for nobody is taken back, and counts for the account.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pyarrow as pa
from django.db import connection, transaction

from keepwell.apps.usage.draining.memberships import WINDOW, Memberships
from keepwell.apps.usage.draining.rows import DAILY, USE
from keepwell.apps.usage.draining.turns import check_turn
from keepwell.apps.usage.draining.writing import Tables
from keepwell.apps.usage.models import Placing, Unplaced
from keepwell.lake.statements import literal, open_duckdb

APPLICATION = "keepwell.placed"
AT_ONCE = 500
"""People of one step."""

_AT_LEAST, _TIMES, _EVERYBODY = 15.0, 10, 3600.0
_KEY = ["local_day", "message_id"]


class Plan(msgspec.Struct):
    """`events`: day, message id and account. `daily`: rows of daily use to add, in the order of DAILY, and how many."""

    events: list[tuple[date, str, str]]
    daily: list[tuple[str | None, str | None, str | None, str | None, date, int]]


@dataclass
class Places:
    """What the one writer does between batches for people whose account became known. Seconds are of its own clock.

    `known`: of whom something was told since the last step; None: look at everybody who waits.
    """

    tables: Tables
    turn: int | None = None
    at_least: float = _AT_LEAST
    known: set[UUID] | None = None
    _rests_until: float = 0.0
    _everybody: float = field(default_factory=time.monotonic)

    def take(self, people: Iterable[UUID]) -> None:
        if self.known is not None:
            self.known.update(people)

    def finish(self) -> date | None:
        """What was decided and not done; the first day that changed."""
        days = [_carry_out(self.tables, one) for one in Placing.objects.order_by("pk")]
        return min((day for day in days if day is not None), default=None)

    def due(self) -> date | None:
        """A step where one is due; the first day whose events got their account."""
        began = time.monotonic()
        if began - self._everybody >= _EVERYBODY:
            self.known, self._everybody = None, began
        if began < self._rests_until or self.known == set():
            return None
        first = self._step()
        ended = time.monotonic()
        self._rests_until = ended + max(self.at_least if first else 0.0, _TIMES * (ended - began))
        return first

    def _step(self) -> date | None:
        waiting = _waiting(self.known)
        some = sorted(waiting)[:AT_ONCE]
        days = {key: waiting[key] for key in some}
        if len(waiting) == len(some):
            self.known = set()
        if not days:
            return None
        plan = _plan(self.tables, days)
        with transaction.atomic():
            check_turn(self.turn)
            kept = Placing.objects.create(plan=msgspec.json.encode(plan)) if plan.events else None
            Unplaced.objects.filter(person__in={person for person, _ in some}).delete()
        return _carry_out(self.tables, kept) if kept else None


def note(events: pa.Table) -> None:
    """Whose events in the lake no account was known for, and on which days; noted before they are written."""
    columns = (events[name].to_pylist() for name in ("person", "account_id", "local_day"))
    waiting = sorted({(person, day) for person, account, day in zip(*columns, strict=True) if person and not account})
    if not waiting:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into usage_unplaced (person, day) select * from unnest(%s::uuid[], %s::date[]) "
            "on conflict do nothing",
            [[person for person, _ in waiting], [day for _, day in waiting]],
        )


def forget(today: date) -> None:
    """Who waited longer than the window waits no more."""
    Unplaced.objects.filter(day__lt=today - WINDOW).delete()


def _waiting(known: Collection[UUID] | None) -> dict[tuple[UUID, UUID], list[date]]:
    """Days by the key in the lake and the key that acts for accounts, of people who do act for one."""
    chosen = "" if known is None else "and (unplaced.person = any(%s) or same.same_as = any(%s)) "
    found: dict[tuple[UUID, UUID], list[date]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select unplaced.person, coalesce(same.same_as, unplaced.person), day from usage_unplaced unplaced "
            "left join usage_same_person same on same.key = unplaced.person "
            "where exists (select from usage_membership held "
            f"where held.person = coalesce(same.same_as, unplaced.person)) {chosen}",
            [] if known is None else [list(known), list(known)],
        )
        for person, acting, day in cursor.fetchall():
            found.setdefault((person, acting), []).append(day)
    return found


def _plan(tables: Tables, waiting: dict[tuple[UUID, UUID], list[date]]) -> Plan:
    acting = {str(person): whose for person, whose in waiting}
    memberships = Memberships()
    memberships.load(acting.values())
    days = {day for some in waiting.values() for day in some}
    plan, moved = Plan([], []), Counter[tuple[Any, ...]]()
    for row in _without_account(tables, sorted(acting), sorted(days)):
        account = memberships.at(acting[row["person"]], row["occurred_at"], {})
        if account is None:
            continue
        plan.events.append((row["local_day"], row["message_id"], account))
        if row["type"] in USE:
            same = (row["person"], row["event"], row["feature"], row["local_day"])
            moved[None, *same] -= 1
            moved[account, *same] += 1
    plan.daily = [(*key, count) for key, count in moved.items()]
    return plan


def _without_account(tables: Tables, people: Sequence[str], days: Sequence[date]) -> list[dict[str, Any]]:
    """The events of people on days that no account is known for, in the order in which they happened."""
    columns = ["message_id", "type", "event", "feature", "person", "occurred_at", "local_day", "account_id"]
    listed = ", ".join(f"date {literal(day.isoformat())}" for day in days)
    with open_duckdb(threads=1) as own:
        own.register("people", pa.table({"person": people}))
        rows: pa.Table = own.sql(
            f"select * from ({tables.events.relation_sql(columns=columns)}) where local_day in ({listed}) "
            "and account_id is null and person in (from people) order by occurred_at, message_id"
        ).to_arrow_table()
    return rows.to_pylist()


def _carry_out(tables: Tables, placing: Placing) -> date | None:
    """Each table once, by the number that it notes; then the plan is done with."""
    plan = msgspec.json.decode(bytes(placing.plan), type=Plan)
    noted = (APPLICATION, placing.pk)
    if (tables.events.application_version(APPLICATION) or 0) < placing.pk:
        rows = _with_account(tables, plan)
        if rows.num_rows:
            tables.events.upsert(_KEY, rows, application=noted)
    if plan.daily:
        columns = zip(*plan.daily, strict=True)
        kinds = [*DAILY.types, pa.int64()]
        arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        tables.daily.append(pa.Table.from_arrays(arrays, [*DAILY.names, "events"]), application=noted)
    placing.delete()
    return min((day for day, _, _ in plan.events), default=None)


def _with_account(tables: Tables, plan: Plan) -> pa.Table:
    """The whole rows of the plan's events, each message once."""
    days, ids, accounts = zip(*plan.events, strict=True)
    given = pa.table({"local_day": pa.array(days, pa.date32()), "message_id": ids, "account_id": accounts})
    listed = ", ".join(f"date {literal(day.isoformat())}" for day in sorted(set(days)))
    with open_duckdb(threads=1) as own:
        own.register("given", given)
        rows: pa.Table = own.sql(
            f"select there.* replace (given.account_id as account_id) from ({tables.events.relation_sql()}) as there "
            "join given using (local_day, message_id) "
            f"where there.local_day in ({listed}) and there.account_id is null "
            "qualify row_number() over (partition by there.local_day, there.message_id) = 1"
        ).to_arrow_table()
    return rows
