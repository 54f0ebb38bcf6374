"""The pages of one respondent: which questions stand on each, what was sent for them, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from keepwell.definitions.survey_questions import MatrixQuestion, MultipleChoiceQuestion, Question, RankingQuestion
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.answering import read_answer
from keepwell.engine.surveys.flow import Step, next_step


@dataclass(frozen=True)
class Place:
    """One page. `before`: the first question of the page before it, None on the first page; `answers`: what was
    answered up to here, on the way that leads here."""

    step: Step
    before: str | None
    answers: Mapping[str, Any]

    @property
    def first(self) -> str:
        """The name by which the page is asked for."""
        return self.step.questions[0].name


def places(survey: Survey, answers: Mapping[str, Any]) -> Iterator[Place]:
    """The pages in order, as far as answers lead: the last of them is the first that lacks one."""
    kept: dict[str, Any] = {}
    before: str | None = None
    while not (step := next_step(survey, kept)).finished:
        place = Place(step, before, dict(kept))
        yield place
        names = [one.name for one in step.questions]
        if any(name not in answers for name in names):
            return
        kept |= {name: answers[name] for name in names}
        before = place.first


def place_at(survey: Survey, answers: Mapping[str, Any], first: str | None) -> Place:
    """The page that begins with a question; where none does on the way of these answers, the last that they lead to."""
    last: Place | None = None
    for place in places(survey, answers):
        last = place
        if place.first == first:
            return place
    assert last is not None, "every survey has a question, and a finished response is not asked for pages"
    return last


@dataclass(frozen=True)
class Sent:
    """What came back: `typed` as it was written, `answers` as they are read, `problems` in words by question."""

    typed: Mapping[str, Any]
    answers: Mapping[str, Any]
    problems: Mapping[str, str]


def read_page(place: Place, form: QueryDict, language: str) -> Sent:
    """The answers of a page. Fields of a form are `q.QUESTION`, of parts `q.QUESTION.PART`."""
    typed = {one.name: _typed(one, form) for one in place.step.questions}
    read = {one.name: read_answer(one, typed[one.name], language) for one in place.step.questions}
    problems = {name: one.problem for name, one in read.items() if one.problem is not None}
    return Sent(typed, {name: one.answer for name, one in read.items() if one.problem is None}, problems)


def _typed(question: Question, form: QueryDict) -> Any:
    name = f"q.{question.name}"
    if isinstance(question, MultipleChoiceQuestion):
        return form.getlist(name)
    if isinstance(question, RankingQuestion):
        return {one.value: form.get(f"{name}.{one.value}", "") for one in question.choices}
    if isinstance(question, MatrixQuestion):
        return {one.value: form.get(f"{name}.{one.value}", "") for one in question.rows}
    return form.get(name)
