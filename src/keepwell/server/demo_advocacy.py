"""The demo's customers speak for it: what the simulation says they did, who of them is an advocate, what sales asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pyarrow.parquet as pq
from django.db import transaction

from keepwell.apps.access.models import User
from keepwell.apps.advocacy.kinds import kind_of
from keepwell.apps.advocacy.models import Activity, ActivityChange, Advocate, Request, RequestStep
from keepwell.apps.advocacy.operations.activities import deal_key
from keepwell.apps.advocacy.words import RequestStatus
from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.surveys.models import Response
from keepwell.engine.advocacy.facts import DATASETS, METRICS
from keepwell.errors import FieldRefused
from keepwell.server.demo_life import ROLES as _ROLES
from keepwell.server.demo_life import address_of
from keepwell.simulation.names import person_name

_KINDS = {"community_answer": "community"}
_TITLES = {
    "reference_call": "Talked with {deal}", "referral": "Introduced us to {deal}", "case_study": "Case study published",
    "webinar": "Spoke at our webinar", "review": "Review", "community": "Answers in the community",
}  # fmt: skip
_SITES = ("Peerpost", "Softrank")
_DEALS = (
    "Northwind", "Lakeside Mutual", "Orchard Freight", "Halcyon Labs", "Brightwater", "Copper & Sons", "Juniper Retail",
    "Meridian Health", "Oakline", "Pinnacle Print", "Quarry Works", "Silverbirch", "Tidewater", "Umber Foods",
    "Vantage",
)  # fmt: skip
_OPEN_DAYS = 120
_AUTHOR = "Customer success"
_ASKED = (
    ("reference_call", "asked", 2, 39), ("reference_call", "agreed", 9, 35), ("webinar", "scheduled", 14, 42),
    ("case_study", "declined", 30, None), ("reference_call", "open", 1, 36), ("review", "asked", 4, None),
)  # fmt: skip
"""Kind, status, days since it was asked, days until it is needed."""


def counted(files: Mapping[str, str]) -> dict[str, str]:
    """The files of the company with its activities read from where the application keeps them."""
    told = dict(files)
    text = told["datasets.yaml"]
    start = text.index("  advocacy:\n")
    told["datasets.yaml"] = text[:start] + text[text.index("\n\n", start) + 2 :]
    told["advocacy.yaml"] = DATASETS + METRICS
    return {path: one.replace("aggregate: sum(impact)", "aggregate: sum(points)") for path, one in told.items()}


@transaction.atomic
def log_activities(folder: Path, end: date) -> None:
    """Everything up to `end`, before it is scored; made once, found again after that."""
    if Activity.objects.exists():
        return
    rows = [row for row in pq.read_table(folder / "advocacy.parquet").to_pylist() if row["happened_on"] <= end]
    made = Activity.objects.bulk_create([_activity(row, end) for row in rows], batch_size=1000)
    ActivityChange.objects.bulk_create([one for activity in made for one in _changes(activity)], batch_size=1000)


def _activity(row: Mapping[str, Any], end: date) -> Activity:
    kind, drawn, day = _KINDS.get(row["kind"], row["kind"]), crc32(row["activity_id"].encode()), row["happened_on"]
    deal = f"{_DEALS[drawn % len(_DEALS)]} {day.year}" if row["influenced_amount"] else ""
    result, decided = _decided(drawn, day, end) if deal else ("", None)
    return Activity(
        kind=kind, account_id=row["account_id"], happened_on=day, title=_TITLES[kind].format(deal=deal), deal=deal,
        deal_key=deal_key(deal), amount=row["influenced_amount"] or None, result=result, decided_on=decided,
        site=_SITES[drawn % 2] if kind == "review" else "", rating=3.5 + drawn % 4 / 2 if kind == "review" else None,
        author_name=_AUTHOR, origin="demo", made_at=_noon(day),
    )  # fmt: skip


def _decided(drawn: int, day: date, end: date) -> tuple[str, date | None]:
    """Deals are decided within four months; of a deal that several influenced each says the same."""
    decided = day + timedelta(days=30 + drawn % (_OPEN_DAYS - 30))
    if decided > end:
        return "open", None
    return ("won" if drawn // len(_DEALS) % 10 < 6 else "lost"), decided


def _changes(activity: Activity) -> Iterator[ActivityChange]:
    moments = [(activity.happened_on, "open" if activity.deal else "")]
    if activity.decided_on:
        moments.append((activity.decided_on, activity.result))
    for day, result in moments:
        yield ActivityChange(
            activity=activity, happened_on=activity.happened_on, site=activity.site, rating=activity.rating,
            deal_key=activity.deal_key, amount=activity.amount, result=result, holds_from=_noon(day),
            recorded_at=_noon(day), by=_AUTHOR,
        )  # fmt: skip


@transaction.atomic
def speak(end: date) -> None:
    """Who did it, who is an advocate, and what waits; once, after people are there."""
    if Advocate.objects.exists() or not Person.objects.exists():
        return
    people: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.order_by("-is_sponsor", "created_at"):
        people[person.account_id].append(person)
    done = [one for one in Activity.objects.order_by("pk") if people.get(one.account_id)]
    for one in done:
        one.person = people[one.account_id][one.pk % min(2, len(people[one.account_id]))]
    Activity.objects.bulk_update(done, ["person"], batch_size=1000)
    advocates = _advocates(done)
    Advocate.objects.bulk_create(advocates, batch_size=1000)
    _requests(advocates, end)


@transaction.atomic
def tell_who_answered(folder: Path, seed: int) -> None:
    """Answers of people who are known here are theirs, so that promoters can be found among them."""
    rows = pq.read_table(folder / "responses.parquet").to_pylist()
    seen = sorted({(row["account_id"], row["user_id"], row["role"]) for row in rows if row["role"] in _ROLES})
    known = dict(PersonalData.objects.values_list("email", "person_id"))
    keys = {
        (account, user): known.get(address_of(person_name(place, seed + 400), account))
        for place, (account, user, _) in enumerate(seen)
    }
    whose = {row["response_id"]: keys.get((row["account_id"], row["user_id"])) for row in rows}
    found = list(Response.objects.filter(person=None, key__in=[key for key, one in whose.items() if one]))
    for one in found:
        one.person_id = whose[one.key]
    Response.objects.bulk_update(found, ["person"], batch_size=1000)


def _advocates(done: Sequence[Activity]) -> list[Advocate]:
    """Whoever did something twice or more, from the second time on."""
    found: dict[Person, list[date]] = defaultdict(list)
    for one in done:
        if one.person is not None:
            found[one.person].append(one.happened_on)
    return [
        Advocate(
            account_id=person.account_id, person=person, since=sorted(days)[1], made_by=_AUTHOR,
            status="resting" if number % 9 == 8 else "active", languages=["English", "German"][: 1 + number % 2],
            topics=[("roll-out", "reports", "single sign-on")[number % 3]], at_most=2 if number % 5 == 0 else None,
        )
        for number, (person, days) in enumerate(found.items())
        if len(days) > 1
    ]  # fmt: skip


def _requests(advocates: Sequence[Advocate], end: date) -> None:
    """A few, in every status, of advocates at customers that are still there."""
    there = set(Account.objects.filter(in_population=True).values_list("pk", flat=True))
    chosen = [one for one in advocates if one.account_id in there and one.status == "active"]
    asker = User.objects.filter(email="manager@demo.example").first()
    for number, (kind, status, days, needed) in enumerate(_ASKED):
        advocate = chosen[number] if number < len(chosen) and status != RequestStatus.OPEN else None
        if (advocate is None and status != RequestStatus.OPEN) or not _is_known(kind):
            continue
        _request(kind, status, advocate, end, days, needed, asker, _DEALS[-1 - number])


def _request(
    kind: str, status: str, advocate: Advocate | None, end: date, days: int, needed: int | None, asker: User | None,
    deal: str,
) -> None:  # fmt: skip
    at = _noon(end - timedelta(days=days))
    request = Request.objects.create(
        kind=kind, status=status, deal=f"{deal} {end.year}", amount=20_000.0 * (days + 1), made_at=at, origin="demo",
        account=advocate.account if advocate else None, person=advocate.person if advocate else None,
        needed_by=end + timedelta(days=needed) if needed else None, asked_on=at.date() if advocate else None,
        scheduled_for=end + timedelta(days=40) if status == RequestStatus.SCHEDULED else None, asker=asker,
        asker_name=str(asker or "Sales"), wanted="" if advocate else "an enterprise customer of 200 seats, in German",
    )  # fmt: skip
    way = ["open"] if advocate is None else ["asked", *({"scheduled": ["agreed"]}.get(status, [])), status]
    for place, one in enumerate(dict.fromkeys(way)):
        RequestStep.objects.create(
            request=request, status=one, account=request.account, person=request.person, by=request.asker_name,
            at=at + timedelta(days=place),
        )  # fmt: skip


def _is_known(kind: str) -> bool:
    try:
        return bool(kind_of(kind))
    except FieldRefused:  # somebody took it out of the definitions
        return False


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
