"""Scores of accounts at dates, by the engine's own scoring of everybody at each date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import Scorecard
from keepwell.definitions.versions import Versions
from keepwell.engine.score import score_values
from keepwell.engine.scores import EntityScores
from keepwell.engine.scoring.bands import band_codes
from keepwell.engine.values import ENTRIES, Days, EntityValues, Values
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats
from keepwell.learning.samples import Scored, Spread

ABSENT = -1
"""The row of an account that is not in the population of its date."""


class Places:
    """n accounts at dates, sorted out by date: which row each has in the values of its date."""

    def __init__(self, account: pa.StringArray, as_of: Days) -> None:
        self.account = account
        self.as_of = as_of
        self._order = np.argsort(as_of, kind="stable")
        self._sorted = as_of[self._order]

    def __len__(self) -> int:
        return len(self.as_of)

    @cached_property
    def dates(self) -> Days:
        return np.unique(self.as_of)

    def at(self, values: Values) -> tuple[Codes, Codes]:
        """Positions among the n that stand at the date of `values`, and their rows there (ABSENT: none)."""
        day = np.datetime64(values.as_of, "D")
        first, last = np.searchsorted(self._sorted, day, "left"), np.searchsorted(self._sorted, day, "right")
        here = self._order[first:last]
        rows = pc.index_in(self.account.take(pa.array(here)), value_set=values.accounts.ids)
        return here, np.asarray(pc.fill_null(rows, ABSENT).to_numpy(zero_copy_only=False), np.int64)


class Scoring:
    """Gathers the scores of `places` from the values of one date after another.

    `entered` False leaves out what people entered. `measures` keeps the score of every measure as well, which is large.
    """

    def __init__(self, project: Project, places: Places, *, entered: bool = True, measures: bool = False) -> None:
        cards = project.cards_for("account")
        self._project = project
        self._versions = Versions(project)
        self._places = places
        self._entered = entered
        self._cards: Mapping[str, Scorecard] = cards
        self._schemes: Mapping[str, Scheme] = {name: project.schemes[card.scheme] for name, card in cards.items()}
        size = len(places)
        self._card = np.full(size, -1, np.int16)
        self._computed = np.full(size, np.nan)
        self._final = np.full(size, np.nan)
        self._band = np.full(size, -1, np.int16)
        self._measures: dict[tuple[str, str], Floats] | None = None
        keys = [(name, measure) for name, card in cards.items() for measure in card.measures]
        self._spread = {key: Spread(0, 0, np.nan, np.nan) for key in keys}
        if measures:
            self._measures = {key: np.full(size, np.nan) for key in keys}

    def add(self, values: Values) -> None:
        """Scores everybody of one date, and keeps the scores of those who are looked at then."""
        here, rows = self._places.at(values)
        if not len(here):
            return
        shown = values if self._entered else without_entries(values)
        accounts = score_values(self._project, shown, self._versions).accounts
        self._take(accounts, here[rows != ABSENT], rows[rows != ABSENT])

    def scored(self) -> Scored:
        return Scored(
            cards=tuple(self._cards),
            card=self._card,
            computed=self._computed,
            final=self._final,
            band=self._band,
            definitions=self._cards,
            schemes=self._schemes,
            spread=dict(self._spread),
            measure_scores=self._measures,
        )

    def _take(self, accounts: EntityScores, here: Codes, rows: Codes) -> None:
        for number, name in enumerate(self._cards):
            card = accounts.cards.get(name)
            if card is None:
                continue
            at = np.minimum(np.searchsorted(card.rows, rows), len(card.rows) - 1)
            own = card.rows[at] == rows
            places, at = here[own], at[own]
            self._card[places] = number
            self._computed[places] = card.computed[at]
            self._final[places] = card.final[at]
            self._band[places] = _bands(card.final[at], self._schemes[name])
            for j, measure in enumerate(card.measures):
                scores = card.measure_scores[j, at]
                self._spread[name, measure] = self._spread[name, measure].with_more(scores)
                if self._measures is not None:
                    self._measures[name, measure][places] = scores


def score_all(project: Project, values: Iterable[Values], places: Places, *, measures: bool = False) -> Scored:
    """Scores of `places` from values that come date by date."""
    scoring = Scoring(project, places, measures=measures)
    for one in values:
        scoring.add(one)
    return scoring.scored()


def without_entries(values: Values) -> Values:
    """The same values as if nobody had entered a score."""
    return replace(
        values,
        accounts=_bare(values.accounts),
        relationships=_bare(values.relationships) if values.relationships is not None else None,
    )


def has_entries(values: Values) -> bool:
    kinds = (values.accounts, values.relationships)
    return any(entities is not None and len(entities.entries) for entities in kinds)


def below_best(scored: Scored, rows: Codes | None = None) -> tuple[Flags, Flags]:
    """[n] each: the label is below the best of its card's scheme; it is the worst one. No label is neither."""
    card, band = (scored.card, scored.band) if rows is None else (scored.card[rows], scored.band[rows])
    best = np.array([*(len(scored.schemes[name].bands) - 1 for name in scored.cards), -1])[card]
    return (band >= 0) & (band < best), (band == 0) & (best > 0)


def _bare(entities: EntityValues) -> EntityValues:
    return replace(entities, entries=ENTRIES.empty_table())


def _bands(final: Floats, scheme: Scheme) -> npt.NDArray[np.int16]:
    """Index of the band; -1 for null and in a scheme without bands."""
    if not scheme.bands:
        return np.full(len(final), -1, np.int16)
    return band_codes(final, scheme).astype(np.int16)
