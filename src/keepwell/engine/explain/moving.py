"""Why entities move from one definition to another: the largest part of each change in words, worked out by card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from keepwell.engine.explain.explaining import unknown_reason
from keepwell.engine.explain.restating import pinned
from keepwell.engine.explain.sides import NOWHERE, Rows, Side
from keepwell.engine.explain.splitting import Lines, lines_of, split, spread
from keepwell.engine.explain.subject import Placed
from keepwell.engine.explain.telling import definition_words_of
from keepwell.engine.explain.wording import listed, points, rounded
from keepwell.engine.score import score_values
from keepwell.engine.scores import CardScores, EntityScores, Floats

Words = npt.NDArray[np.object_]
SAME = 1e-9
"""Scores closer than this are the same."""


@dataclass(frozen=True)
class Reasons:
    """Reasons for the entities at `movers` (places in the two sides)."""

    old: Side
    new: Side
    movers: Rows

    def words(self) -> Words:
        """[number of movers]"""
        told = np.full(len(self.old.ids), "", object)
        whole = ~np.isnan(self.old.computed + self.new.computed + self.old.final + self.new.final)
        for place in self.movers[~whole[self.movers]]:
            told[place] = self._appeared(int(place))
        scored = self.movers[whole[self.movers]]
        pairs = np.stack([self.old.card[scored], self.new.card[scored]], axis=1)
        for before, after in np.unique(pairs, axis=0):
            places = scored[(pairs == [before, after]).all(axis=1)]
            told[places] = self._of_pair(self.old.cards[before], self.new.cards[after], places)
        found: Words = told[self.movers]
        return found

    def _of_pair(self, old: CardScores, new: CardScores, places: Rows) -> list[str]:
        """Of entities that go from one card to another (or the same) and have scores on both."""
        start = lines_of(old, self.old.at[places])
        end = lines_of(new, self.new.at[places])
        parts = _Parts(self.old.final[places], self.new.final[places])
        if old.scorecard != new.scorecard:
            start = self._add_assignment(parts, old, new, start, end, places)
        _add_measures(parts, start, end)
        bounded = (self.new.final - self.new.computed)[places] - (self.old.final - self.old.computed)[places]
        before, after = old.overrides_at(self.old.at[places]), new.overrides_at(self.new.at[places])
        parts.add(bounded, lambda i: override_words(before[i], after[i]))
        return parts.largest(self.old.labels[places], self.new.labels[places])

    def _add_assignment(
        self, parts: _Parts, old: CardScores, new: CardScores, start: Lines, end: Lines, places: Rows
    ) -> Lines:
        """Adds what the new card does as it was; returns from where its definition goes on."""
        reached = self._on_new_cards(new.scorecard, self.old.rows[places])
        if reached is None:  # no such card before: the change of card is all that happened
            reached = end
        lost = np.isnan(reached.computed)
        if lost.any():
            reached = Lines(
                end.measures,
                np.where(lost, end.scores, spread(reached, end.measures)[0]),
                np.where(lost, end.weights, spread(reached, end.measures)[1]),
                np.where(lost, end.computed, reached.computed),
            )
        words = f"scorecard {new.scorecard} instead of {old.scorecard}"
        parts.add(reached.computed - start.computed, lambda _: words)
        return reached

    def _on_new_cards(self, card: str, rows: Rows) -> Lines | None:
        """Old data by the old version of the new card; None where there was no such card."""
        scores = self._reassigned.cards.get(card)
        if scores is None or card not in self.old.state.project.scorecards:
            return None
        return lines_of(scores, np.searchsorted(scores.rows, rows))

    @cached_property
    def _reassigned(self) -> EntityScores:
        """The old values by the old definitions, with every mover on its new card where that is known."""
        project = self.old.state.project
        known = project.cards_for(self.old.entity_kind)
        cards: Mapping[int, str] = {
            int(self.old.rows[place]): str(self.new.scorecards[place])
            for place in self.movers
            if self.old.card[place] != NOWHERE and self.new.scorecards[place] in known
        }
        values = pinned(self.old.state.values, self.old.entity_kind, cards)
        found = score_values(project, values).of(self.old.entity_kind)
        assert found is not None
        return found

    def _appeared(self, place: int) -> str:
        """Of an entity that has no score on one side, or one that was set by hand alone."""
        before, after = self._absence(self.old, place), self._absence(self.new, place)
        if after is not None:
            return f"now {after}"
        if before is not None:
            return f"before, {before}"
        return "its score is set by hand where none is computed"

    def _absence(self, side: Side, place: int) -> str | None:
        if side.rows[place] == NOWHERE:
            return "it is not in the population"
        if side.card[place] == NOWHERE:
            return "no scorecard applies to it"
        if np.isnan(side.final[place]):
            return unknown_reason(Placed(side.cards[side.card[place]], int(side.at[place])))
        return None


class _Parts:
    """Parts [k] of the changes of k entities, each with what says it in words for one of them."""

    def __init__(self, old: Floats, new: Floats) -> None:
        self._old = old
        self._change = new - old
        self._changes: list[Floats] = []
        self._words: list[Callable[[int], str]] = []

    def add(self, change: Floats, words: Callable[[int], str]) -> None:
        self._changes.append(change)
        self._words.append(words)

    def largest(self, old_labels: Words, new_labels: Words) -> list[str]:
        """For each entity the part that did most in the direction of the change."""
        matrix = np.stack(self._changes)
        chosen = np.argmax(matrix * np.sign(self._change), axis=0)
        return [
            self._drawn(i, old_labels[i], new_labels[i])
            if abs(self._change[i]) < SAME
            else f"{self._words[part](i)} ({points(matrix[part, i])})"
            for i, part in enumerate(chosen)
        ]

    def _drawn(self, i: int, old: str, new: str) -> str:
        return f"the bands are drawn differently: {rounded(self._old[i])} is {new} instead of {old}"


def _add_measures(parts: _Parts, start: Lines, end: Lines) -> None:
    moves = split(start, end)
    s0, w0 = spread(start, moves.measures)
    s1, w1 = spread(end, moves.measures)
    for u, name in enumerate(moves.measures):
        had, has = name in start.measures, name in end.measures

        def words(i: int, u: int = u, name: str = name, had: bool = had, has: bool = has) -> str:
            before = (float(s0[u, i]), float(w0[u, i])) if had else None
            after = (float(s1[u, i]), float(w1[u, i])) if has else None
            return f"{name}: {definition_words_of(before, after)}"

        parts.add(moves.total[u], words)


def override_words(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """From the names of the overrides that fired."""
    now = [name for name in after if name not in before]
    gone = [name for name in before if name not in after]
    if now:
        return f"{listed(now)} now applies" if len(now) == 1 else f"{listed(now)} now apply"
    if gone:
        return f"{listed(gone)} no longer applies" if len(gone) == 1 else f"{listed(gone)} no longer apply"
    return f"{listed(list(dict.fromkeys(after)))} acts differently" if after else "overrides act differently"
