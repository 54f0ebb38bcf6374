"""The demo's customers come alive: who is there, and what its CSMs wrote about them, read off the simulated facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pyarrow.parquet as pq
from django.db import transaction

from keepwell.apps.access.models import User
from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.timeline.models import EntryType, TimelineEntry
from keepwell.server.demo_rows import rows_of
from keepwell.simulation.names import person_name

ROLES = {"executive": "Sponsor", "admin": "Administrator"}
_RENEWALS = {
    "won": ("Renewed for another year", "neutral"),
    "upsell": ("Renewed, and grew", "positive"),
    "downsell": ("Renewed for less", "negative"),
    "lost": ("Gave notice", "negative"),
}
_TALKS = {
    "sponsor is hard to reach": (
        "Third try to reach the sponsor",
        "bad",
        "Out of office again. Ask the admin who decides.",
    ),
    "our sponsor has left": (
        "The sponsor has left",
        "bad",
        "Nobody took over. **Next:** find out who signs the renewal.",
    ),
    "sponsor joined the last review": (
        "Review with the sponsor",
        "good",
        "Went through the goals of the quarter:\n\n- reports reach the whole team\n- one open wish: single sign-on",
    ),
    "sponsor speaks for us unasked": (
        "The sponsor offers a reference",
        "good",
        "Would speak to others, best in the autumn.",
    ),
    "they may leave": (
        "They look at other tools",
        "bad",
        "Two offers on the table. Price is not the reason, adoption is.",
    ),
}
_ACTIVITIES = {
    "reference_call": "Reference call",
    "case_study": "Case study",
    "webinar": "Speaks at our webinar",
    "referral": "Referral",
    "review": "Public review",
    "community_answer": "Answers in the community",
}


@transaction.atomic
def enliven(folder: Path, end: date, seed: int) -> None:
    """People and timeline of the last year; made once, found again after that."""
    if not Person.objects.exists():
        _people(folder, seed)
        owners = dict(Account.objects.values_list("pk", "owner__name"))
        since = date(end.year - 1, end.month, 1)
        TimelineEntry.objects.bulk_create(
            [entry for entry in _entries(folder, owners) if since <= entry.occurred_at.date() <= end], batch_size=1000
        )


def _people(folder: Path, seed: int) -> None:
    """Those who answered surveys in a role that matters."""
    rows = pq.read_table(folder / "responses.parquet", columns=["account_id", "user_id", "role"])
    seen = sorted({tuple(row.values()) for row in rows.to_pylist() if row["role"] in ROLES})
    people = [Person(account_id=account, role=ROLES[role], is_sponsor=role == "executive") for account, _, role in seen]
    Person.objects.bulk_create(people, batch_size=1000)
    named = [(person, person_name(place, seed + 400)) for place, person in enumerate(people)]
    PersonalData.objects.bulk_create(
        [
            PersonalData(person=person, name=name, email=address_of(name, str(person.account_id)))
            for person, name in named
        ],
        batch_size=1000,
    )


def address_of(name: str, account: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{account.lower()}.example"


def _entries(folder: Path, owners: dict[str, str]) -> Iterator[TimelineEntry]:
    types = {one.name: one for one in EntryType.objects.all()}
    users = {user.name: user for user in User.objects.all()}
    for account, day, kind, title, said in (
        *_renewals(folder),
        *_workshops(folder),
        *_advocacy(folder),
        *_talks(folder),
    ):
        author = str(said.pop("author", "") or owners.get(account) or "Customer success")
        yield TimelineEntry(
            account_id=account, type=types[kind], title=title, occurred_at=datetime.combine(day, time(10, 30), UTC),
            author=author, author_user=users.get(author), origin="demo", **said,
        )  # fmt: skip


_Told = tuple[str, date, str, str, dict[str, object]]


def _renewals(folder: Path) -> Iterator[_Told]:
    for row in rows_of(folder / "renewals.csv"):
        title, sentiment = _RENEWALS[row["result"]]
        day = date.fromisoformat(row["decided_on"])
        said: dict[str, object] = {"sentiment": sentiment, "fields": {"reached_on": str(day)}}
        said["text"] = f"Contract of {int(row['arr']):,} a year."
        yield row["account_id"], day, "milestone", title, said


def _workshops(folder: Path) -> Iterator[_Told]:
    for row in rows_of(folder / "interventions.csv"):
        if row["completed_on"] and row["playbook"] == "adoption_workshop":
            text = "An hour with the people who sign in least. They set up their own reports in the session."
            said: dict[str, object] = {"minutes": 60, "fields": {"outcome": "good"}, "text": text}
            yield row["account_id"], date.fromisoformat(row["completed_on"]), "meeting", "Adoption workshop", said


def _advocacy(folder: Path) -> Iterator[_Told]:
    for row in pq.read_table(folder / "advocacy.parquet").to_pylist():
        activity = _ACTIVITIES[row["kind"]]
        said: dict[str, object] = {"sentiment": "positive", "fields": {"activity": activity}}
        yield row["account_id"], row["happened_on"], "advocacy", activity, said


def _talks(folder: Path) -> Iterator[_Told]:
    for row in rows_of(folder / "manual_scores.csv"):
        if row["comment"] in _TALKS:
            title, outcome, text = _TALKS[row["comment"]]
            said: dict[str, object] = {
                "minutes": 30,
                "fields": {"outcome": outcome},
                "text": text,
                "author": row["author"],
            }
            yield row["account_id"], date.fromisoformat(row["entered_at"][:10]), "call", title, said
