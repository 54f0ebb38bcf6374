"""People as expressions of advocacy see them: a row a person (or a whole account), with all that is known of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Max, QuerySet
from django.utils import timezone

from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.models import Activity, Advocate, Request
from keepwell.apps.advocacy.queries import done_of
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.health.ledgers import registered
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.deciding.news import everybody_now
from keepwell.apps.rules.standing.drafted import with_attributes
from keepwell.apps.rules.standing.records import records
from keepwell.definitions.expressions import Expression
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import WORK
from keepwell.engine.advocacy.standing import Standing, standings
from keepwell.engine.columns import one_array
from keepwell.engine.rules.needs import needs_of_expressions

RESPONSES = "keepwell.responses"
_CHUNK = 20_000


@dataclass(frozen=True)
class Somebody:
    """A row of the pool. Without `person` a whole account."""

    account: Account
    person: Person | None
    advocate: Advocate | None
    asked_days: float | None
    standing: Standing
    kinds: Mapping[str, int]


@dataclass(frozen=True)
class Pool:
    """`table`: what expressions read, row for row of `people`. `whole`: False where some were left out as too many."""

    table: pa.Table
    people: tuple[Somebody, ...]
    as_of: date
    whole: bool = True


def account_rows(project: Project, expressions: Iterable[Expression], accounts: QuerySet[Account]) -> pa.Table:
    """A row an account, in order of id, with all names of accounts that the expressions may use."""
    ids = [*accounts.filter(in_population=True).order_by("pk").values_list("pk", flat=True)]
    needs, run = needs_of_expressions(project, expressions), latest_run()
    table = pa.table({"account_id": pa.array(ids, pa.string())})
    if run is not None:
        whole = with_attributes(project, run, everybody_now(run, project, timezone.now(), needs), needs)
        table = _taken(whole, table["account_id"])
    known = records(ids)
    for name in WORK:
        if name not in table.column_names:
            found = known[name] if name in known.column_names else pa.nulls(len(ids), pa.float64())
            column = pa.array(dict(zip(known["account_id"].to_pylist(), found.to_pylist(), strict=True)).get(one) or 0.0
                              for one in ids)  # fmt: skip
            table = table.append_column(name, column.cast(pa.float64()))
    return _with_own(table, ids)


def _taken(whole: pa.Table, ids: pa.ChunkedArray) -> pa.Table:
    """Rows of `whole` for these accounts; without one all is null."""
    places = pc.index_in(one_array(ids), value_set=one_array(whole["account_id"]))
    columns = {name: one_array(whole[name]).take(places) for name in whole.column_names if name != "account_id"}
    return pa.table({"account_id": one_array(ids), **columns})


def _with_own(table: pa.Table, ids: list[str]) -> pa.Table:
    """Health and tenure, in place of attributes of the same name."""
    day = today()
    tones = dict(CurrentHealth.objects.filter(pk__in=ids).values_list("pk", "tone"))
    began = dict(Account.objects.filter(pk__in=ids).values_list("pk", "started_on"))
    own = {
        "health": pa.array([tone if (tone := tones.get(one)) != "none" else None for one in ids], pa.string()),
        "tenure_days": pa.array([_days(began.get(one), day) for one in ids], pa.float64()),
    }
    kept = [name for name in table.column_names if name not in own]
    return pa.table({**{name: table[name] for name in kept}, **own})


def _days(since: date | None, day: date) -> float | None:
    return None if since is None else float((day - since).days)


def pool(
    project: Project,
    expressions: Iterable[Expression],
    accounts: QuerySet[Account],
    *,
    everyone: bool,
    most: int = _CHUNK,
) -> Pool:
    """Advocates at accounts; with `everyone` all people who are there too, at most so many."""
    asked = list(expressions)
    found = _people(accounts, everyone=everyone, most=most)
    named = accounts.filter(pk__in={account for account, _, _ in found})
    rows = account_rows(project, asked, named)
    accounts_by_id = named.select_related("health").in_bulk()
    people = _known(found, accounts_by_id)
    table = _taken(rows, pa.chunked_array([pa.array([one.account.pk for one in people], pa.string())]))
    return Pool(_with_people(table, people), tuple(people), today(), whole=len(found) < most)


Found = list[tuple[str, Person | None, Advocate | None]]


def _people(accounts: QuerySet[Account], *, everyone: bool, most: int) -> Found:
    there = accounts.filter(in_population=True)
    advocates = Advocate.objects.filter(account__in=there).select_related("person__personal").order_by("pk")[:most]
    found: Found = [(one.account_id, one.person, one) for one in advocates]
    if everyone:
        known = {one.person_id for one in advocates if one.person_id}
        people = Person.objects.filter(account__in=there, merged_into=None, left_on=None).select_related("personal")
        others = people.exclude(pk__in=known).order_by("pk")[: max(most - len(found), 0)]
        found += [(one.account_id, one, None) for one in others]
    return [one for one in found if one[1] is None or one[1].left_on is None]


def _known(found: Found, accounts: Mapping[str, Account]) -> list[Somebody]:
    ids = [*accounts]
    done = done_of(Activity.objects.filter(account_id__in=ids, is_withdrawn=False))
    stand = standings(done, today(), lambda one: (one.account, one.person))
    kinds: dict[tuple[str, str | None], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in done:
        kinds[one.account, one.person][one.kind] += 1
    asked = _asked(ids)
    rows = []
    for account, person, advocate in found:
        key = (account, str(person.pk) if person else None)
        day = max((one for one in (asked.get(key),) if one), default=None)
        rows.append(Somebody(accounts[account], person, advocate, _days(day, today()), stand.get(key, Standing()),
                             kinds.get(key, {})))  # fmt: skip
    return rows


def _asked(ids: list[str]) -> dict[tuple[str, str | None], date]:
    """When each was last asked, by account and person."""
    found = Request.objects.filter(account_id__in=ids, asked_on__isnull=False).order_by()
    rows = found.values_list("account_id", "person_id").annotate(day=Max("asked_on"))
    return {(account, str(person) if person else None): day for account, person, day in rows}


def _with_people(table: pa.Table, people: list[Somebody]) -> pa.Table:
    """The names of people, in place of attributes of the same name."""
    answers = _nps({one.account.pk for one in people})
    whole = {one.account.pk for one in people if one.advocate and one.person is None and one.advocate.is_active}
    rows = [_row(one, answers, whole) for one in people]
    own = {name: pa.array([row[name] for row in rows], kind) for name, kind in _COLUMNS.items()}
    kept = [name for name in table.column_names if name not in own]
    return pa.table({**{name: table[name] for name in kept}, **own})


_COLUMNS = {
    "role": pa.string(), "is_sponsor": pa.bool_(), "is_advocate": pa.bool_(), "status": pa.string(),
    "nps": pa.float64(), "activities": pa.float64(), "points": pa.float64(), "asked_days": pa.float64(),
    "willing": pa.string(), "languages": pa.string(), "topics": pa.string(),
}  # fmt: skip


def _row(one: Somebody, answers: Mapping[str, float], whole: set[str]) -> dict[str, Any]:
    advocate, person = one.advocate, one.person
    return {
        "role": person.role or None if person else None,
        "is_sponsor": bool(person and person.is_sponsor),
        "is_advocate": advocate is not None or one.account.pk in whole,
        "status": advocate.status if advocate else None,
        "nps": answers.get(str(person.pk)) if person else None,
        "activities": float(one.standing.count),
        "points": one.standing.points,
        "asked_days": one.asked_days,
        "willing": " ".join(advocate.willing) or None if advocate else None,
        "languages": " ".join(advocate.languages).lower() or None if advocate else None,
        "topics": ", ".join(advocate.topics).lower() or None if advocate else None,
    }


def _nps(accounts: Iterable[str]) -> dict[str, float]:
    """What each person answered last to a question of kind nps, by key."""
    ledger = registered([*accounts]).get(RESPONSES)
    if ledger is None:
        return {}
    table = ledger()
    answers = table.filter(pc.and_(pc.equal(table["kind"], "nps"), pc.is_valid(table["person_id"])))
    ordered = answers.sort_by([("occurred_at", "ascending"), ("recorded_at", "ascending")])
    pairs = zip(ordered["person_id"].to_pylist(), ordered["number"].to_pylist(), strict=True)
    return {person: number for person, number in pairs if number is not None}
