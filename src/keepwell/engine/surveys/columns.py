"""Answers of many responses as columns of numbers: what results are counted from, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keepwell.definitions.branching import Value
from keepwell.definitions.survey_names import answer_names, choices_of
from keepwell.definitions.survey_questions import MatrixQuestion, Question, Scale, SingleChoiceQuestion, TextQuestion
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.flow import answer_values
from keepwell.engine.surveys.scoring import Numbers

Columns = Mapping[str, Numbers]
"""By the names of `survey_names.answer_names`: [n] numbers, NaN where there is no answer.

A scale is its number, a choice of one (and of a row of a matrix) its place among the choices from 0, one of several 1
or 0, a ranking the place it was given from 1, a text the number of its characters.
"""


def columns_of(survey: Survey, responses: Sequence[Mapping[str, Any]]) -> dict[str, Numbers]:
    """Answers by question, one response after the other, as columns. What the survey does not offer is no answer.

    Answers may also be as JSON keeps them, with lists for several choices and rankings.
    """
    found: dict[str, Numbers] = {}
    for question in survey.questions:
        answers = [one.get(question.name) for one in responses]
        found |= _columns(question, answers)
    return found


def _columns(question: Question, answers: Sequence[Any]) -> dict[str, Numbers]:
    """The common kinds at once, the others answer by answer."""
    places = places_of(question)
    if isinstance(question, Scale):
        return {question.name: np.array(answers, dtype=np.float64)}
    if isinstance(question, SingleChoiceQuestion):
        return {question.name: np.array([places[question.name].get(one) for one in answers], dtype=np.float64)}
    if isinstance(question, TextQuestion):
        return {question.name: np.array([None if one is None else len(one) for one in answers], dtype=np.float64)}
    found = {name: np.full(len(answers), np.nan) for name in answer_names(question)}
    for at, answer in enumerate(answers):
        for name, value in answer_values(question, answer).items() if answer is not None else ():
            if name in found:
                found[name][at] = _number(value, places.get(name))
    return found


def _number(value: Value, places: Mapping[str, int] | None) -> float:
    """Of a choice its place; of one that is not offered, nothing."""
    if value is None or isinstance(value, str):
        return float((places or {}).get(value or "", np.nan))
    return float(value)


def places_of(question: Question) -> dict[str, dict[str, int]]:
    """For each name whose answer is one of some texts, the place of each of them."""
    names = choices_of(question)
    listed = question.columns if isinstance(question, MatrixQuestion) else getattr(question, "choices", ())
    return {name: {one.value: place for place, one in enumerate(listed)} for name in names}
