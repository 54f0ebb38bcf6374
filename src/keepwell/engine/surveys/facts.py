"""Answers as facts: a row for each part of each answer, and the value of an account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from keepwell.definitions.survey_questions import Question, Scale, TextQuestion
from keepwell.definitions.surveys import AccountValue, Survey
from keepwell.engine.surveys.flow import answer_values
from keepwell.engine.surveys.scoring import headline, mean_of, top_share

_UTC = pa.timestamp("us", tz="UTC")
RESPONSES = pa.schema(
    {
        "answer_id": pa.string(),  # response, question and part: one row each
        "response_id": pa.string(),
        "subject": pa.string(),  # survey, question, part and person: a newer answer replaces an older
        "survey": pa.string(),
        "version": pa.string(),
        "account_id": pa.string(),  # null behind an anonymous link
        "person_id": pa.string(),  # a random key; null behind an anonymous link
        "question": pa.string(),
        "kind": pa.string(),
        "part": pa.string(),  # a choice, a row of a matrix; null for other questions
        "number": pa.float64(),  # a scale, a place in a ranking, 1 or 0 for a choice of several, the length of a text
        "choice": pa.string(),  # what was chosen
        "language": pa.string(),
        "channel": pa.string(),
        "asked_at": _UTC,
        "occurred_at": _UTC,  # when the answer was given
        "recorded_at": _UTC,  # when it arrived here
    }
)
"""The dataset of responses. What people write in their own words stays out of it."""


@dataclass(frozen=True)
class Response:
    """What one person answered. `answers`: by question, those that count (`flow.Step.answers`)."""

    id: str
    answers: Mapping[str, Any]
    answered_at: datetime
    recorded_at: datetime
    account: str | None = None
    person: str | None = None
    language: str = "en"
    channel: str = "personal_link"
    asked_at: datetime | None = None


def rows(name: str, version: str, survey: Survey, responses: Iterable[Response]) -> pa.Table:
    """Responses as rows of RESPONSES, in order of their ids and the survey's questions."""
    ordered = sorted(responses, key=lambda one: one.id)
    found = [row for one in ordered for row in _rows_of(name, version, survey, one)]
    return pa.Table.from_pylist(found, schema=RESPONSES)


def _rows_of(name: str, version: str, survey: Survey, response: Response) -> Iterator[dict[str, Any]]:
    whole = {
        "response_id": response.id, "survey": name, "version": version, "account_id": response.account,
        "person_id": response.person, "language": response.language, "channel": response.channel,
        "asked_at": response.asked_at, "occurred_at": response.answered_at, "recorded_at": response.recorded_at,
    }  # fmt: skip
    for question in survey.questions:
        for part, number, choice in _parts(question, response.answers.get(question.name)):
            path = [question.name, *([part] if part else [])]
            who = response.person or response.id  # nobody replaces what somebody unknown said
            yield {
                **whole, "answer_id": "/".join([response.id, *path]), "subject": "/".join([name, *path, who]),
                "question": question.name, "kind": question.kind, "part": part, "number": number, "choice": choice,
            }  # fmt: skip


def _parts(question: Question, answer: Any) -> Iterator[tuple[str | None, float | None, str | None]]:
    if isinstance(question, TextQuestion):
        if answer is not None:
            yield None, float(len(answer)), None
        return
    for name, value in answer_values(question, answer).items():
        part = name.partition(".")[2] or None
        if isinstance(value, str):
            yield part, None, value
        else:
            yield part, None if value is None else float(value), part if value is True else None


@dataclass(frozen=True)
class Given:
    """An answer to a question with a scale, by somebody at an account."""

    response: str
    account: str
    person: str | None
    number: float
    answered_at: datetime


@dataclass(frozen=True)
class ValueOfAccount:
    """One value for an account: how many answers it rests on, and the day of the newest."""

    account: str
    value: float
    count: int
    observed_on: date


def value_rule(survey: Survey) -> AccountValue | None:
    """What the survey says of the value of an account, or what holds unless it does; None without a scale."""
    if survey.account_value is not None:
        return survey.account_value
    scale = next((one for one in survey.questions if isinstance(one, Scale)), None)
    if scale is None:
        return None
    return AccountValue(question=scale.name, aggregate="nps" if scale.kind == "nps" else "top_share", within=None)


def account_values(
    survey: Survey, given: Iterable[Given], as_of: date, zone: str = "UTC"
) -> tuple[ValueOfAccount, ...]:
    """The value of each account with an answer, in order of account.

    Of each person the newest answer up to the end of `as_of` counts (of one moment the larger id), each unknown person
    once; `within: N days` counts the N days up to `as_of`. Answers to other questions must have been left out.
    """
    rule = value_rule(survey)
    if rule is None:
        return ()
    question = survey.question(rule.question)
    assert isinstance(question, Scale)
    first = as_of - timedelta(days=rule.within - 1) if rule.within else date.min
    place = ZoneInfo(zone)
    newest: dict[tuple[str, str], Given] = {}
    for one in sorted(given, key=lambda each: (each.answered_at, each.response)):
        if first <= one.answered_at.astimezone(place).date() <= as_of:
            newest[one.account, one.person or f"response {one.response}"] = one
    by_account: dict[str, list[Given]] = {}
    for one in sorted(newest.values(), key=lambda each: (each.account, each.answered_at, each.response)):
        by_account.setdefault(one.account, []).append(one)
    return tuple(
        ValueOfAccount(
            account, _value(question, rule, ones), _count(rule, ones), ones[-1].answered_at.astimezone(place).date()
        )
        for account, ones in by_account.items()
    )


def _count(rule: AccountValue, ones: list[Given]) -> int:
    return 1 if rule.aggregate == "latest" else len(ones)


def _value(question: Scale, rule: AccountValue, ones: list[Given]) -> float:
    numbers = np.array([one.number for one in ones])
    if rule.aggregate == "latest":
        return ones[-1].number
    score = {"nps": headline, "top_share": top_share, "mean": mean_of}[rule.aggregate](question, numbers)
    assert score is not None
    return score.value
