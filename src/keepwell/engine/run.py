"""A run: facts to values to scores, for one date or many. This is the whole story in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.building.chunks import moments_at_once
from keepwell.engine.facts import FactSource
from keepwell.engine.moments import Moment, moment
from keepwell.engine.score import score_values
from keepwell.engine.scores import Scores
from keepwell.engine.values import Values


@dataclass(frozen=True)
class Run:
    """Values and scores of one date."""

    values: Values
    scores: Scores


def score(project: Project, source: FactSource, *, as_of: date, known_at: datetime | None = None) -> Run:
    """Scores everybody at `as_of` with what was known at `known_at` (default: the end of that date).

    Raises DefinitionsRefused where definitions do not fit the data's columns, DataRefused where the data does not fit
    what was declared.
    """
    bind(project, source)
    return next(_runs(project, source, [moment(as_of, project.settings.time_zone, known_at)]))


def history(project: Project, source: FactSource, dates: Sequence[date]) -> Iterator[Run]:
    """Scores at each of `dates`, each as it could be known at its end, in the order given. Raises as `score` does."""
    bind(project, source)
    zone = project.settings.time_zone
    at_once = moments_at_once(project, source)  # they share passes over the facts, and their values fit in memory
    for start in range(0, len(dates), at_once):
        yield from _runs(project, source, [moment(day, zone) for day in dates[start : start + at_once]])


def dates_between(first: date, last: date, every: timedelta) -> list[date]:
    """`last` and the dates before it at a distance of `every`, down to `first`, in ascending order."""
    count = (last - first) // every
    return [last - every * index for index in range(count, -1, -1)]


def _runs(project: Project, source: FactSource, moments: list[Moment]) -> Iterator[Run]:
    versions = Versions(project)
    for values in build_values(project, source, moments):
        yield Run(values, score_values(project, values, versions))
