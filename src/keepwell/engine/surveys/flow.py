"""The way through a survey: which questions come next for the answers so far, and what of them counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from keepwell.definitions.branching import Value, is_true
from keepwell.definitions.expressions import names_in
from keepwell.definitions.survey_names import answer_names
from keepwell.definitions.survey_questions import (
    Choice,
    MatrixQuestion,
    MultipleChoiceQuestion,
    Question,
    RankingQuestion,
)
from keepwell.definitions.surveys import Survey

Answers = Mapping[str, Any]
"""Answers by question, as `answering.read_answer` gives them; None for a question that was left out on purpose.

A number for a scale, a value for a single choice, a tuple of values for several choices (in the order of the choices)
and for a ranking (the first matters most), a map from row to column for a matrix, a text for a text.
"""


@dataclass(frozen=True)
class Step:
    """Where a respondent stands.

    `questions`: what is asked next, on one page; empty where it is finished. `answers`: what counts of the answers so
    far, in the order of the survey: those on the way that they lead to. `passed`: how many questions of the survey lie
    behind, of `total`.
    """

    questions: tuple[Question, ...]
    answers: Mapping[str, Any]
    passed: int
    total: int

    @property
    def finished(self) -> bool:
        return not self.questions

    @property
    def progress(self) -> float:
        """The share of the survey that lies behind, from 0 to 1; it never falls as answers are added."""
        return self.passed / self.total


def next_step(survey: Survey, answers: Answers) -> Step:
    """What comes after these answers, given in any order.

    A page holds the questions that need no answer of the same page: branching ends it, and so does `per_page`.
    """
    kept: dict[str, Any] = {}
    values: dict[str, Value] = {}
    for place, question in enumerate(survey.questions):
        if not _is_shown(question, values):
            continue
        if question.name not in answers:
            return Step(_page(survey, place, values, answers), kept, place, len(survey.questions))
        kept[question.name] = answers[question.name]
        values |= answer_values(question, kept[question.name])
        if question.end_when is not None and is_true(question.end_when, values):
            break
    return Step((), kept, len(survey.questions), len(survey.questions))


def _page(survey: Survey, start: int, values: Mapping[str, Value], answers: Answers) -> tuple[Question, ...]:
    page: list[Question] = []
    asked: set[str] = set()
    for question in survey.questions[start:]:
        read = {name.dotted for name in names_in(question.show_when)} if question.show_when is not None else set()
        if read & asked or len(page) == (survey.per_page or len(survey.questions)) or question.name in answers:
            break
        if _is_shown(question, values):
            page.append(question)
            asked.update(answer_names(question))
            if question.end_when is not None:
                break
    return tuple(page)


def _is_shown(question: Question, values: Mapping[str, Value]) -> bool:
    return question.show_when is None or is_true(question.show_when, values)


def answer_values(question: Question, answer: Any) -> dict[str, Value]:
    """What expressions see of an answer, by the names of `answer_names`; nothing where it was left out."""
    if answer is None:
        return {}
    name = question.name
    if isinstance(question, MultipleChoiceQuestion):
        return {f"{name}.{one.value}": one.value in answer for one in question.choices}
    if isinstance(question, RankingQuestion):
        return {f"{name}.{one}": float(place) for place, one in enumerate(answer, 1)}
    if isinstance(question, MatrixQuestion):
        return {f"{name}.{row}": column for row, column in answer.items()}
    return {name: answer}


def ordered_choices(question: Question, key: str) -> tuple[Choice, ...]:
    """The choices (of a matrix its rows) as one person sees them: where the order is random, by a hash of `key`.

    `key` names the respondent, so that a page opened again shows the same order. What is `fixed` keeps its place.
    """
    choices: Sequence[Choice] = (
        question.rows if isinstance(question, MatrixQuestion) else getattr(question, "choices", ())
    )
    if not getattr(question, "randomised", False):
        return tuple(choices)
    moving = sorted((one for one in choices if not one.fixed), key=lambda one: _hash(key, question.name, one.value))
    left = iter(moving)
    return tuple(one if one.fixed else next(left) for one in choices)


def _hash(*parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
