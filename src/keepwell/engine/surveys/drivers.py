"""What goes with a score: other answers of the same people. It is association and says nothing about causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from keepwell.definitions.survey_questions import MatrixQuestion, Question, RankingQuestion, Scale
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.comparing import FEW, against
from keepwell.engine.surveys.flow import answer_values
from keepwell.engine.surveys.intervals import Estimate, correlation
from keepwell.engine.surveys.scoring import Numbers


@dataclass(frozen=True)
class Driver:
    """What goes with the score.

    With `choice`, `association` is the score of those who chose it less that of those who answered without it, in
    points; `count` is how many chose it, `others` how many did not. Without, it is the correlation of ranks with the
    other number, from -1 to 1, over `count` people.
    """

    question: str
    part: str | None
    choice: str | None
    association: Estimate
    count: int
    others: int


def drivers(survey: Survey, outcome: str, responses: Sequence[Mapping[str, Any]], few: int = FEW) -> tuple[Driver, ...]:
    """What goes with the answers to `outcome`, the clearest first: those whose interval lies furthest from nothing.

    `responses`: answers by question. What rests on fewer than `few` people on either side is left out, and so is what
    has no interval. Raises KeyError for a question that is not there, ValueError for one without a scale.
    """
    scale = survey.question(outcome)
    if not isinstance(scale, Scale):
        raise ValueError(f"'{outcome}' has no scale, so that nothing can go with it")
    having = [one for one in responses if one.get(outcome) is not None]
    numbers = np.array([float(one[outcome]) for one in having])
    found = (
        driver
        for question in survey.questions
        if question.name != outcome
        for driver in _of_question(scale, numbers, question, [one.get(question.name) for one in having], few)
    )
    return tuple(sorted(found, key=_order))


def _order(driver: Driver) -> tuple[float, str, str, str]:
    about = driver.association
    width = 1.0 if driver.choice is None else 100.0
    low, high = about.low or 0.0, about.high or 0.0
    clear = max(low, -high) / width
    return -clear, driver.question, driver.part or "", driver.choice or ""


def _of_question(
    scale: Scale, numbers: Numbers, question: Question, answers: Sequence[Any], few: int
) -> Iterator[Driver]:
    given = np.array([one is not None for one in answers], dtype=np.bool_)
    values = [answer_values(question, one) for one in answers]
    if isinstance(question, Scale | RankingQuestion):
        names = sorted({name for one in values for name in one})
        for name in names:
            column = np.array([_number(one.get(name)) for one in values])
            yield from _correlated(question, name, numbers, column, few)
        return
    for part, choice, chosen in _chosen(question, answers):
        inside, outside = given & chosen, given & ~chosen
        if isinstance(question, MatrixQuestion):
            outside &= np.array([one is not None and part in one for one in answers], dtype=np.bool_)
        found = against(scale, numbers[inside], numbers[outside], few)
        if found is not None:
            yield Driver(question.name, part, choice, found, int(inside.sum()), int(outside.sum()))


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _chosen(question: Question, answers: Sequence[Any]) -> Iterator[tuple[str | None, str, np.ndarray]]:
    """Each choice with who chose it."""
    if isinstance(question, MatrixQuestion):
        for row in question.rows:
            for column in question.columns:
                has = [one is not None and one.get(row.value) == column.value for one in answers]
                yield row.value, column.value, np.array(has, dtype=np.bool_)
        return
    for choice in getattr(question, "choices", ()):
        has = [
            one is not None and (choice.value in one if isinstance(one, tuple) else one == choice.value)
            for one in answers
        ]
        yield None, choice.value, np.array(has, dtype=np.bool_)


def _correlated(question: Question, name: str, numbers: Numbers, column: Numbers, few: int) -> Iterator[Driver]:
    both = ~np.isnan(column)
    count = int(both.sum())
    if count < max(few, 4):
        return
    one, other = ranks(numbers[both]), ranks(column[both])
    spread = float(one.std() * other.std())
    if spread == 0:
        return
    value = float(((one - one.mean()) * (other - other.mean())).mean() / spread)
    found = correlation(max(-1.0, min(1.0, value)), count)
    yield Driver(question.name, name.partition(".")[2] or None, None, found, count, 0)


def ranks(values: Numbers) -> Numbers:
    """Ranks from 1; equal values share the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[places], dtype=np.float64)
