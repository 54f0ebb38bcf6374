"""What the answers to one question come to, of whatever kind it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keepwell.definitions.survey_names import answer_names
from keepwell.definitions.survey_questions import (
    MatrixQuestion,
    MultipleChoiceQuestion,
    Question,
    RankingQuestion,
    Scale,
    SingleChoiceQuestion,
)
from keepwell.engine.surveys.columns import Columns, places_of
from keepwell.engine.surveys.intervals import Estimate, mean, share
from keepwell.engine.surveys.scoring import Numbers, Scored, in_points, scored


@dataclass(frozen=True)
class Chosen:
    """How many of those who answered chose what: `counts` by value in the order of the choices, with `shares` of
    `answered` in percent and their intervals of Wilson (None without answers). Shares of several add up to more.
    """

    answered: int
    counts: Mapping[str, int]
    shares: Mapping[str, Estimate | None]


@dataclass(frozen=True)
class Placed:
    """One thing of a ranking: how many gave it a place, the mean of these places, and how many put it first."""

    value: str
    count: int
    place: Estimate | None
    first: int


@dataclass(frozen=True)
class Ranked:
    """A ranking, the best mean place first; what nobody placed comes last."""

    answered: int
    placed: tuple[Placed, ...]


@dataclass(frozen=True)
class Rows:
    """A matrix: what was chosen in each row."""

    answered: int
    rows: Mapping[str, Chosen]


@dataclass(frozen=True)
class Written:
    """Texts: how many wrote one, and how long they are in the middle."""

    answered: int
    median_characters: float | None


Summary = Scored | Chosen | Ranked | Rows | Written


def summary(question: Question, columns: Columns) -> Summary:
    """`columns` as `columns_of` gives them. Raises ValueError for numbers outside of a scale."""
    if isinstance(question, Scale):
        return scored(question, columns[question.name])
    if isinstance(question, SingleChoiceQuestion):
        return _one_of(columns[question.name], places_of(question)[question.name])
    if isinstance(question, MultipleChoiceQuestion):
        return _several_of(question, columns)
    if isinstance(question, RankingQuestion):
        return _ranked(question, columns)
    if isinstance(question, MatrixQuestion):
        return _matrix(question, columns)
    given = columns[question.name][~np.isnan(columns[question.name])]
    return Written(len(given), float(np.median(given)) if len(given) else None)


def _chosen(answered: int, counts: Mapping[str, int]) -> Chosen:
    return Chosen(answered, counts, {value: in_points(share(count, answered)) for value, count in counts.items()})


def _one_of(column: Numbers, places: Mapping[str, int]) -> Chosen:
    given = column[~np.isnan(column)].astype(np.int64)
    counts = np.bincount(given, minlength=len(places))
    return _chosen(len(given), {value: int(counts[place]) for value, place in places.items()})


def _several_of(question: MultipleChoiceQuestion, columns: Columns) -> Chosen:
    names = {one.value: columns[f"{question.name}.{one.value}"] for one in question.choices}
    answered = int((~np.isnan(next(iter(names.values())))).sum())
    return _chosen(answered, {value: int((column == 1).sum()) for value, column in names.items()})


def _ranked(question: RankingQuestion, columns: Columns) -> Ranked:
    names = {one.value: columns[f"{question.name}.{one.value}"] for one in question.choices}
    answered = np.zeros(len(next(iter(names.values()))), dtype=np.bool_)
    for column in names.values():
        answered |= ~np.isnan(column)
    placed = [_placed(value, column, question.places) for value, column in names.items()]
    placed.sort(key=lambda one: one.place.value if one.place else np.inf)
    return Ranked(int(answered.sum()), tuple(placed))


def _placed(value: str, column: Numbers, last: int) -> Placed:
    given = column[~np.isnan(column)]
    place = mean(len(given), float(given.sum()), float((given * given).sum()), 1, last)
    return Placed(value, len(given), place, int((given == 1).sum()))


def _matrix(question: MatrixQuestion, columns: Columns) -> Rows:
    names = tuple(answer_names(question))
    answered = np.zeros(len(columns[names[0]]), dtype=np.bool_)
    for name in names:
        answered |= ~np.isnan(columns[name])
    places = places_of(question)
    rows = {name.partition(".")[2]: _one_of(columns[name], places[name]) for name in names}
    return Rows(int(answered.sum()), rows)
