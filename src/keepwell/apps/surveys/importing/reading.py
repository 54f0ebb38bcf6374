"""The rows of a file: their columns guessed, read by the survey's own rules, and matched with who is known here."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from uuid import UUID

from keepwell.apps.access.actors import Actor
from keepwell.apps.connectors.importing.guessing import as_utf8, look_at
from keepwell.apps.customers.models import Person
from keepwell.apps.customers.queries import visible
from keepwell.apps.surveys.importing.place import MOST_ROWS
from keepwell.apps.surveys.models import Response as Stored
from keepwell.definitions.names import nearest
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.facts import Response
from keepwell.engine.surveys.importing import WHO, Imported, Rejected, answer_columns, read_rows
from keepwell.errors import RequestRefused

_ALSO: Mapping[str, tuple[str, ...]] = {
    "answered_at": ("date", "submitted", "submitted_at", "responded_at", "completed_at", "end_date", "timestamp"),
    "asked_at": ("sent_at", "invited_at", "sent"), "account_id": ("account", "company_id", "customer_id"),
    "response_id": ("id", "response"), "email": ("e_mail", "email_address", "respondent_email"),
    "person_id": ("contact_id", "user_id"), "language": ("locale", "lang"),
}  # fmt: skip
_LONGEST_KEY = 150


@dataclass(frozen=True)
class Look:
    """The head of a file and its first rows."""

    header: tuple[str, ...]
    sample: Sequence[Sequence[str]]
    delimiter: str

    def examples(self, column: str) -> list[str]:
        at = self.header.index(column)
        return list(dict.fromkeys(row[at] for row in self.sample if row[at].strip()))[:3]


@dataclass(frozen=True)
class Checked:
    """`fresh`: those that can be taken; `there`: how many were taken before; `rejected`: the others with reasons."""

    rows: int
    fresh: Sequence[Response]
    there: int
    rejected: Sequence[Rejected]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Without what each row says itself, the most frequent first."""
        counts = Counter(_plain(reason) for one in self.rejected for reason in one.reasons)
        return counts.most_common(20)


def look(path: Path) -> Look:
    """Raises RequestRefused for what is no table of named columns."""
    as_utf8(path)
    found = look_at(path)
    return Look(found.header, found.sample[:50], found.delimiter)


def fields_of(survey: Survey) -> dict[str, str]:
    """What a column can be, with what it is in words."""
    default = survey.default_language
    words = {one.name: one.text.get(default) or next(iter(one.text.values())) for one in survey.questions}
    answers = {
        name: f"{words[name.partition('.')[0]]} ({name}: {kind})" for name, kind in answer_columns(survey).items()
    }
    return {**{name: f"{name}: {words.partition(';')[0].lower()}" for name, words in WHO.items()}, **answers}


def guessed(survey: Survey, header: Sequence[str]) -> dict[str, str]:
    """By column of the file what it is, by its name or the words of a question; each once."""
    known: dict[str, str] = {}
    for question in survey.questions:
        known |= {_bare(text): question.name for text in question.text.values()}
    known |= {_bare(also): name for name, others in _ALSO.items() for also in others}
    known |= {_bare(name): name for name in (*WHO, *answer_columns(survey))}
    taken: set[str] = set()
    found = {}
    for column in header:
        name = known.get(_bare(column), "")
        allowed = name and name in fields_of(survey) and name not in taken
        found[column] = name if allowed else ""
        taken.add(found[column])
    return found


def check_columns(survey: Survey, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Raises RequestRefused with everything that does not go together."""
    fields = fields_of(survey)
    chosen = {name: str(columns.get(name, "")).strip() for name in header}
    problems = [f"'{column}': {_unknown(name, fields)}" for column, name in chosen.items() if name not in ("", *fields)]
    named = [name for name in chosen.values() if name]
    problems += [f"two columns are matched with '{name}'" for name, count in Counter(named).items() if count > 1]
    if "answered_at" not in named:
        problems.append("match a column with answered_at: an answer has a day")
    if not {"account_id", "person_id", "email"} & set(named):
        problems.append("match a column with account_id, person_id or email: an answer is somebody's")
    if not set(named) & set(answer_columns(survey)):
        problems.append("match a column with a question: there is nothing to take")
    if problems:
        raise RequestRefused(*problems)
    return chosen


def _unknown(name: str, known: Mapping[str, str]) -> str:
    near = nearest(name, list(known))
    return f"there is no '{name}' to match it with" + (f"; did you mean '{near}'?" if near else "")


def check(
    actor: Actor,
    survey: Survey,
    name: str,
    path: Path,
    columns: Mapping[str, str],
    now: datetime,
    most: int = MOST_ROWS,
) -> Checked:
    """Every row of a file, as it would be taken now. Raises RequestRefused for one that is too long."""
    delimiter = look(path).delimiter
    rows = list(islice(_rows(path, delimiter, columns), most + 1))
    if len(rows) > most:
        raise RequestRefused(
            f"the file has more than {most:,} rows: split it, or use `keepwell survey import`, which takes any number"
        )
    good, bad = read_rows(survey, rows, now)
    found, unknown = _resolved(actor, name, good, _numbers(rows, survey, good, bad))
    stored = _there(found)
    fresh = [one for one in found if one.id not in stored]
    repeated = len(rows) - len(bad) - len(good)  # the same row twice in one file
    return Checked(len(rows), fresh, len(found) - len(fresh) + repeated, sorted([*bad, *unknown], key=lambda r: r.row))


def _rows(path: Path, delimiter: str, columns: Mapping[str, str]) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        lines = csv.reader((line.replace("\x00", "") for line in stream), delimiter=delimiter)
        header = [columns.get(one.strip(), columns.get(one, "")) for one in next(lines, [])]
        for line in lines:
            if any(cell.strip() for cell in line):
                yield {name: cell for name, cell in zip(header, line, strict=False) if name}


def _numbers(
    rows: Sequence[Mapping[str, str]], survey: Survey, good: Sequence[Imported], bad: Sequence[Rejected]
) -> list[int]:
    """The row of each that was read: of rows that are alike the first."""
    rejected = {one.row for one in bad}
    left = [number for number in range(1, len(rows) + 1) if number not in rejected]
    if len(left) == len(good):
        return left
    found, seen = [], set()
    for number in left:
        key = tuple(sorted((name, cell.strip()) for name, cell in rows[number - 1].items()))
        told = rows[number - 1].get("response_id", "").strip() or key
        if told not in seen:
            seen.add(told)
            found.append(number)
    return found[: len(good)]


def _resolved(
    actor: Actor, name: str, good: Sequence[Imported], numbers: Sequence[int]
) -> tuple[list[Response], list[Rejected]]:
    """With the accounts and people that the actor sees; a row whose somebody is not known is rejected."""
    accounts = _known_accounts(actor, good)
    people, by_email = _known_people(actor, good)
    found, unknown = [], []
    for number, one in zip(numbers, good, strict=True):
        reasons: list[str] = []
        person = _person(one, people, by_email, reasons)
        account = one.response.account or (person[1] if person else None)
        if account not in accounts and not reasons:
            reasons.append(f"there is no account '{account}' that you see")
        if reasons:
            unknown.append(Rejected(number, tuple(reasons)))
        else:
            key = _key(name, one.response.id)
            found.append(replace(one.response, id=key, account=account, person=person[0] if person else None))
    return found, unknown


def _person(
    one: Imported, people: Mapping[str, str], by_email: Mapping[str, tuple[str, str]], reasons: list[str]
) -> tuple[str, str] | None:
    if one.response.person:
        if one.response.person not in people:
            reasons.append(f"there is no person '{one.response.person}' at an account that you see")
            return None
        return one.response.person, people[one.response.person]
    if one.email and (known := by_email.get(one.email.strip().casefold())):
        return known
    if one.email and not one.response.account:
        reasons.append(f"nobody with the address '{one.email}' is known at an account that you see")
    return None


def _known_accounts(actor: Actor, good: Sequence[Imported]) -> set[str]:
    wanted = {one.response.account for one in good if one.response.account}
    emails = any(one.email or one.response.person for one in good)
    seen = visible(actor)
    return set((seen if emails else seen.filter(pk__in=wanted)).values_list("pk", flat=True))


def _known_people(actor: Actor, good: Sequence[Imported]) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Accounts by person, and both by address."""
    keys = [key for one in good if (key := _uuid(one.response.person)) is not None]
    emails = {one.email.strip().casefold() for one in good if one.email}
    seen = Person.objects.filter(account__in=visible(actor).values("pk"))
    people = {str(pk): account for pk, account in seen.filter(pk__in=keys).values_list("pk", "account_id")}
    if not emails:
        return people, {}
    rows = seen.exclude(personal=None).values_list("personal__email", "merged_into_id", "pk", "account_id")
    found = {email.strip().casefold(): (str(into or pk), account) for email, into, pk, account in rows if email}
    return people, {email: one for email, one in found.items() if email in emails}


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _there(found: Sequence[Response]) -> set[str]:
    """Keys that were taken before, or went out as a file."""
    keys = {one.id for one in found} | {_raw(one.id) for one in found}
    held = set(Stored.objects.filter(key__in=keys).values_list("key", flat=True))
    return {one.id for one in found if one.id in held or _raw(one.id) in held}


def _key(survey: str, response: str) -> str:
    short = (
        response
        if len(response) <= _LONGEST_KEY - len(survey)
        else blake2b(response.encode(), digest_size=16).hexdigest()
    )
    return f"{survey}:{short}"


def _raw(key: str) -> str:
    return key.partition(":")[2]


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _plain(reason: str) -> str:
    return re.sub(r"'[^']*'", "'…'", reason.partition(" Found: ")[0])
