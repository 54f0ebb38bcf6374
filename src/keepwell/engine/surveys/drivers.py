"""What goes with a score: other answers of the same people. It is association and says nothing about causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keepwell.definitions.survey_names import answer_names
from keepwell.definitions.survey_questions import MultipleChoiceQuestion, Question, RankingQuestion, Scale
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.columns import Columns, columns_of, places_of
from keepwell.engine.surveys.comparing import FEW, against
from keepwell.engine.surveys.intervals import Estimate, correlation
from keepwell.engine.surveys.scoring import Numbers

Truths = npt.NDArray[np.bool_]


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
    return drivers_of(survey, outcome, columns_of(survey, responses), few)


def drivers_of(survey: Survey, outcome: str, columns: Columns, few: int = FEW) -> tuple[Driver, ...]:
    """The same of answers that are columns already."""
    scale = survey.question(outcome)
    if not isinstance(scale, Scale):
        raise ValueError(f"'{outcome}' has no scale, so that nothing can go with it")
    having = ~np.isnan(columns[outcome])
    numbers = columns[outcome][having]
    found = (
        driver
        for question in survey.questions
        if question.name != outcome
        for driver in _of_question(
            scale, numbers, question, {name: columns[name][having] for name in answer_names(question)}, few
        )
    )
    return tuple(sorted(found, key=_order))


def _order(driver: Driver) -> tuple[float, str, str, str]:
    about = driver.association
    width = 1.0 if driver.choice is None else 100.0
    low, high = about.low or 0.0, about.high or 0.0
    clear = max(low, -high) / width
    return -clear, driver.question, driver.part or "", driver.choice or ""


def _of_question(scale: Scale, numbers: Numbers, question: Question, columns: Columns, few: int) -> Iterator[Driver]:
    if isinstance(question, Scale | RankingQuestion):
        for name, column in columns.items():
            yield from _correlated(question, name, numbers, column, few)
        return
    for part, choice, given, chosen in _chosen(question, columns):
        found = against(scale, numbers[given & chosen], numbers[given & ~chosen], few)
        if found is not None:
            yield Driver(question.name, part, choice, found, int((given & chosen).sum()), int((given & ~chosen).sum()))


def _chosen(question: Question, columns: Columns) -> Iterator[tuple[str | None, str, Truths, Truths]]:
    """Each choice with who answered at all and who chose it; of a matrix, each column of each row."""
    for name, column in columns.items():
        given, part = ~np.isnan(column), name.partition(".")[2] or None
        if isinstance(question, MultipleChoiceQuestion):
            yield None, part or "", given, column == 1
        for value, place in places_of(question).get(name, {}).items():
            yield part, value, given, column == place


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
