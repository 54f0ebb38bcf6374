"""Answers of many responses as columns of numbers: what results are counted from, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keepwell.definitions.survey_names import answer_names, choices_of
from keepwell.definitions.survey_questions import MatrixQuestion, Question, SingleChoiceQuestion
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.flow import answer_values
from keepwell.engine.surveys.scoring import Numbers

Columns = Mapping[str, Numbers]
"""By the names of `survey_names.answer_names`: [n] numbers, NaN where there is no answer.

A scale is its number, a choice of one (and of a row of a matrix) its place among the choices from 0, one of several 1
or 0, a ranking the place it was given from 1, a text the number of its characters.
"""


def columns_of(survey: Survey, responses: Sequence[Mapping[str, Any]]) -> dict[str, Numbers]:
    """Answers by question, one response after the other, as columns. What the survey does not offer is no answer."""
    found: dict[str, Numbers] = {}
    for question in survey.questions:
        places = places_of(question)
        names = tuple(answer_names(question))
        columns = {name: np.full(len(responses), np.nan) for name in names}
        for at, answers in enumerate(responses):
            answer = answers.get(question.name)
            if answer is None:
                continue
            for name, value in answer_values(question, answer).items():
                if name in columns:
                    columns[name][at] = _number(value, places.get(name))
        found |= columns
    return found


def places_of(question: Question) -> dict[str, dict[str, int]]:
    """For each name whose answer is one of some texts, the place of each of them."""
    names = choices_of(question)
    listed = question.columns if isinstance(question, MatrixQuestion) else getattr(question, "choices", ())
    return {name: {one.value: place for place, one in enumerate(listed)} for name in names}


def is_one_of_some(question: Question) -> bool:
    """Whether columns of it hold places among choices."""
    return isinstance(question, SingleChoiceQuestion | MatrixQuestion)


def _number(value: Any, places: Mapping[str, int] | None) -> float:
    if value is None:
        return np.nan
    if places is not None:
        return float(places.get(value, np.nan))
    return float(len(value)) if isinstance(value, str) else float(value)
