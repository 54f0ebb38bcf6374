"""Results of other tools: one row a response, one column an answer, read by the survey's own rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from keepwell.definitions.languages import best_language
from keepwell.definitions.names import nearest
from keepwell.definitions.survey_questions import MatrixQuestion, MultipleChoiceQuestion, Question, RankingQuestion
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.answering import read_answer
from keepwell.engine.surveys.facts import Response

WHO: Mapping[str, str] = {
    "response_id": "Tells responses apart; without it, a hash of the row, so that the same row twice is one response",
    "account_id": "The account; without it, that of the person",
    "person_id": "The person",
    "email": "The person's address, where there is no person_id",
    "answered_at": "When it was answered: a day, or a time with its offset; required",
    "asked_at": "When the person was asked",
    "language": "The language of the answers; the survey's default without it",
}
"""Columns about the response, beside those of answers."""

_SEPARATOR = ";"


@dataclass(frozen=True)
class Imported:
    """A row that was read. `email`: whom it is from, where the row names nobody else."""

    response: Response
    email: str | None


@dataclass(frozen=True)
class Rejected:
    """A row that was not, counted from 1 without the head, and all that is wrong with it."""

    row: int
    reasons: tuple[str, ...]


def answer_columns(survey: Survey) -> dict[str, str]:
    """The columns of answers by name: the question; of a matrix a column a row, `question.row`."""
    found: dict[str, str] = {}
    for question in survey.questions:
        if isinstance(question, MatrixQuestion):
            found |= {f"{question.name}.{row.value}": "one of its columns" for row in question.rows}
        elif isinstance(question, MultipleChoiceQuestion | RankingQuestion):
            found[question.name] = f"values with {_SEPARATOR} between them"
        else:
            found[question.name] = question.kind
    return found


def unknown_columns(survey: Survey, head: Iterable[str]) -> dict[str, str | None]:
    """Columns that mean nothing here, each with the nearest that does."""
    known = [*WHO, *answer_columns(survey)]
    return {column: nearest(column, known) for column in head if column not in known}


def read_rows(
    survey: Survey, table: Iterable[Mapping[str, str | None]], recorded_at: datetime
) -> tuple[list[Imported], list[Rejected]]:
    """Responses and the rows that are none. `recorded_at` has a time zone; a day without a time is midnight there.

    An answer counts whatever branching would have shown, for the other tool asked it. A row needs `answered_at`, one of
    account_id, person_id and email, and at least one answer.
    """
    good: dict[str, Imported] = {}
    bad: list[Rejected] = []
    for number, row in enumerate(table, 1):
        reasons: list[str] = []
        one = _read(survey, row, recorded_at, reasons)
        if reasons or one is None:
            bad.append(Rejected(number, tuple(reasons)))
        elif one.response.id in good and good[one.response.id] != one:
            bad.append(Rejected(number, (f"response_id '{one.response.id}' stands twice with different answers",)))
        else:
            good[one.response.id] = one
    return list(good.values()), bad


def _read(survey: Survey, row: Mapping[str, str | None], recorded_at: datetime, reasons: list[str]) -> Imported | None:
    cells = {column: (text or "").strip() for column, text in row.items()}
    language = best_language([cells.get("language", "")], survey.languages)
    answers = {one.name: _answer(one, cells, reasons) for one in survey.questions}
    answers = {name: answer for name, answer in answers.items() if answer is not None}
    answered = _moment(cells, "answered_at", recorded_at, reasons)
    asked = _moment(cells, "asked_at", recorded_at, reasons)
    who = [cells.get(column) or None for column in ("account_id", "person_id", "email")]
    if not cells.get("answered_at"):
        reasons.append("answered_at is empty")
    if not any(who):
        reasons.append("nobody is named; give account_id, person_id or email")
    if not answers and not reasons:
        reasons.append("no question is answered")
    if answered is None:
        return None
    if answered > recorded_at:
        reasons.append(f"answered_at '{cells['answered_at']}' lies in the future")
    key = cells.get("response_id") or _hash(cells)
    response = Response(key, answers, answered, recorded_at, who[0], who[1], language, "import", asked)
    return Imported(response, who[2])


def _answer(question: Question, cells: Mapping[str, str], reasons: list[str]) -> Any:
    sent: Any = cells.get(question.name, "")
    if isinstance(question, MatrixQuestion):
        sent = {row.value: cells.get(f"{question.name}.{row.value}", "") for row in question.rows}
    elif isinstance(question, MultipleChoiceQuestion | RankingQuestion):
        sent = [one.strip() for one in sent.split(_SEPARATOR)]
    read = read_answer(question.model_copy(update={"required": False}), sent, "en")
    if read.problem is not None:
        reasons.append(f"{question.name}: {read.problem} Found: {_shown(sent)}")
    return read.answer


def _shown(sent: Any) -> str:
    return str(sent)[:60]


def _moment(cells: Mapping[str, str], column: str, recorded_at: datetime, reasons: list[str]) -> datetime | None:
    text = cells.get(column, "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        reasons.append(f"{column} '{text[:40]}' is no day or time; write 2026-10-31 or 2026-10-31T09:30+01:00")
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=recorded_at.tzinfo)


def _hash(cells: Mapping[str, str]) -> str:
    text = "\x1f".join(f"{column}={cells[column]}" for column in sorted(cells))
    return blake2b(text.encode(), digest_size=12).hexdigest()
