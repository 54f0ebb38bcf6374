"""What chances are learned from: the score and segment of every observation, and everybody on the last day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from keepwell.definitions.project import Project
from keepwell.engine.score import score_values
from keepwell.engine.values import Days, Values
from keepwell.learning.backtest import Contender, Settings
from keepwell.learning.calibration.lookup import first_segment
from keepwell.learning.honesty import Honest
from keepwell.learning.observations import Observations
from keepwell.learning.outcomes import Flags, Floats
from keepwell.learning.sampling import segments_of
from keepwell.learning.scoring import ABSENT, Places, Scoring
from keepwell.learning.valuing import DatedValues


@dataclass(frozen=True)
class Everybody:
    """n accounts as they stand on a day. NaN: no score, no amount; null: no segment."""

    as_of: date
    account: pa.StringArray
    score: Floats
    amount: Floats
    segment: pa.StringArray


@dataclass(frozen=True)
class Looked:
    """Observations, each with the score then (NaN: none) and the first segment that it was in (null: none)."""

    observations: Observations
    score: Floats
    segment: pa.StringArray
    now: Everybody

    @property
    def ends(self) -> Days:
        """[n] the day on which it was known what became of each."""
        seen = self.observations
        over = seen.as_of + np.timedelta64(seen.lead_days + (seen.horizon_days or 0), "D")
        return np.where(np.isnat(seen.decided_on) | (seen.way == "on_grid"), over, seen.decided_on)

    def take(self, rows: Flags) -> Looked:
        """Some of the observations."""
        kept = self.segment.filter(pa.array(rows))
        return replace(self, observations=self.observations.take(rows), score=self.score[rows], segment=kept)


def look(own: Contender, cleaned: Honest, observations: Observations, last: date, settings: Settings) -> Looked:
    """Scores all dates of the observations and `last`, from what was known at each."""
    project = cleaned.project
    places = Places(observations.account, observations.as_of)
    scoring, segment = Scoring(project, places), np.full(len(places), None, object)
    now: Everybody | None = None
    dates = sorted({*(day.astype(date) for day in places.dates), last})
    for done, values in enumerate(DatedValues(project, own.source, settings.values).at(dates), start=1):
        scoring.add(values)
        note_segments(project, values, places, segment)
        if values.as_of == last:
            now = _everybody(project, values, own.scorecard)
        if settings.advance:
            settings.advance(done, len(dates))
    assert now is not None
    scored = scoring.scored()
    score = scored.final
    if own.scorecard is not None:
        score = np.where(scored.card == scored.cards.index(own.scorecard), score, np.nan)
    return Looked(observations, score, pa.array(segment, pa.string()), now)


def note_segments(project: Project, values: Values, places: Places, segment: np.ndarray) -> None:
    """Writes into `segment` the first segment of each of the places that stand at the date of `values`."""
    here, rows = places.at(values)
    there = rows != ABSENT
    if there.any() and project.segments:
        every = _segments(project, values)
        segment[here[there]] = every.take(pa.array(rows[there])).to_pylist()


def _segments(project: Project, values: Values) -> pa.StringArray:
    return first_segment(segments_of(project, values), tuple(project.segments), len(values.accounts))


def _everybody(project: Project, values: Values, card: str | None) -> Everybody:
    accounts = values.accounts
    score = np.full(len(accounts), np.nan)
    for name, one in score_values(project, values).accounts.cards.items():
        if card in (None, name):
            score[one.rows] = one.final
    ids = accounts.ids.cast(pa.string())
    return Everybody(values.as_of, ids, score, _amounts(project, values), _segments(project, values))


def _amounts(project: Project, values: Values) -> Floats:
    """Annual recurring revenue as the accounts dataset says it; NaN throughout where it does not."""
    found = project.with_role("accounts")
    column = found[1].arr if found else None
    table = values.accounts.attributes
    if column is None or column not in table.column_names:
        return np.full(len(values.accounts), np.nan)
    amounts: Floats = table[column].cast(pa.float64()).to_numpy()
    return amounts
