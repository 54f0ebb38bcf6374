"""Scores of many dates, kept small: one number and one label a date and entity."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from keepwell.cli.portfolio.entities import is_scored


class Series:
    """Final scores, labels and revenue of one kind of entity over dates, as the runs come."""

    def __init__(self) -> None:
        self.dates: list[date] = []
        self._of: list[dict[str, tuple[float, str, float]]] = []  # by date: score, label and revenue by id

    def add(
        self, day: date, ids: Iterable[str], scores: Iterable[float], labels: Iterable[str], arr: Iterable[float]
    ) -> None:
        """Everybody in the population of one more date, later than those before; NaN for null."""
        self.dates.append(day)
        self._of.append(dict(zip(ids, zip(scores, labels, arr, strict=True), strict=True)))

    def __len__(self) -> int:
        return len(self.dates)

    def ids(self, index: int) -> set[str]:
        """Who was in the population at a date."""
        return set(self._of[index])

    def scores(self, entity_id: str) -> list[float]:
        """One a date; NaN without a score, or where the entity was not there."""
        return [day[entity_id][0] if entity_id in day else np.nan for day in self._of]

    def score(self, entity_id: str, index: int) -> float:
        return self._of[index][entity_id][0] if entity_id in self._of[index] else np.nan

    def label(self, entity_id: str, index: int) -> str | None:
        """None where the entity was not in the population."""
        found = self._of[index].get(entity_id)
        return found[1] if found else None

    def arr(self, index: int, chosen: Iterable[str] | None = None) -> float:
        """Known revenue at a date, of `chosen` or of all; 0 where none is known."""
        day = self._of[index]
        return float(np.nansum([day[one][2] for one in (day if chosen is None else chosen) if one in day]))

    def with_label(self, index: int, labels: Sequence[str]) -> list[str]:
        wanted = set(labels)
        return [one for one, (_, label, _) in self._of[index].items() if label in wanted]

    def shares(self, label: str) -> list[float]:
        """Of those with a score, the share with this label, a date; NaN where nobody had one."""
        found = []
        for day in self._of:
            labels = [one for _, one, _ in day.values() if is_scored(one)]
            found.append(labels.count(label) / len(labels) if labels else np.nan)
        return found

    def means(self) -> list[float]:
        """The mean score a date; NaN where nobody had one."""
        return [_mean([score for score, _, _ in day.values()]) for day in self._of]

    def index_near(self, day: date) -> int:
        """The index of the last date at or before `day`; the first where all lie after it."""
        return max(int(np.searchsorted(np.array(self.dates, "datetime64[D]"), np.datetime64(day), "right")) - 1, 0)


def _mean(scores: list[float]) -> float:
    known = [score for score in scores if not math.isnan(score)]
    return sum(known) / len(known) if known else math.nan
