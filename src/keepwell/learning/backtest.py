"""Does the score predict? The whole story of a backtest, in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.engine.binding import bind
from keepwell.engine.facts import FactSource
from keepwell.engine.values import Values
from keepwell.errors import RequestRefused
from keepwell.learning.extra import require
from keepwell.learning.figures.bootstrap import DRAWS, Draws
from keepwell.learning.findings import Asked, BacktestReport
from keepwell.learning.honesty import Honest, honest, known_names, nothing_left
from keepwell.learning.judgement import Judgement, Seen
from keepwell.learning.observations import Observations
from keepwell.learning.observing import Question, every_of, observe
from keepwell.learning.outcomes import read_outcomes
from keepwell.learning.sampling import Sampling
from keepwell.learning.scoring import Places, Scoring
from keepwell.learning.valuing import DatedValues, refuse_untold, values_version
from keepwell.learning.warning import Looks, looks_back

Advance = Callable[[int, int], None]
"""Told how many dates are done, and of how many."""


@dataclass(frozen=True)
class Contender:
    """Definitions with their data, and the card that is judged (None: every account by its own card)."""

    name: str
    project: Project
    source: FactSource
    scorecard: str | None = None


@dataclass(frozen=True)
class Settings:
    """How a backtest is made. `trusted`: see `honesty.honest`. `values`: a folder that keeps values for the next.

    `segment`: of observations in it alone. `keep` is handed the observations behind each cell of the report; see
    `behind.SCHEMA`.
    """

    trusted: Collection[str] = ()
    draws: int = DRAWS
    seed: int = 0
    values: Path | None = None
    advance: Advance | None = None
    keep: Callable[[pa.Table], None] | None = None
    segment: str | None = None


def backtest(
    own: Contender, question: Question, settings: Settings | None = None, *, versus: Contender | None = None
) -> BacktestReport:
    """How well the scores of `own` foretold the outcomes that `question` asks for; `versus` on the same observations.

    Scores are made anew at each observation date from what was known then. Raises DefinitionsRefused and DataRefused as
    scoring does, and RequestRefused where there is nothing to compare with, or nothing that may be looked at.
    """
    require("scipy", "a backtest")
    chosen = settings or Settings()
    cleaned = cleaned_of(own, chosen)
    if chosen.values is not None:
        refuse_untold(cleaned.project, own.source)
    observations = observe(cleaned.project, own.source, read_outcomes(own.project, own.source), question)
    looks = looks_back(observations, question)
    gathering = _Gathering(observations, looks)
    first = gathering.of(own, cleaned)
    second = gathering.of(versus, cleaned_of(versus, _fitting(chosen, versus))) if versus else None
    gathering.run(chosen)
    judgement = Judgement(observations, looks, Draws(observations.accounts, chosen.draws, chosen.seed))
    seen = first.seen()
    if chosen.segment is not None:
        flags = seen.segments[chosen.segment]
        seen = replace(seen, within=np.concatenate([flags, flags[looks.row]]))
    return judgement.report(
        _asked(own, question, observations, chosen), seen, second.seen() if second else None, chosen.keep
    )


def _refuse_segment(own: Contender, cleaned: Honest, segment: str | None) -> None:
    if segment is None or segment in cleaned.project.segments:
        return
    if segment not in own.project.segments:
        raise RequestRefused(f"{own.name}: {unknown('segment', segment, own.project.segments)}")
    cause = cleaned.left_out[f"segment '{segment}'"]
    raise RequestRefused(
        f"segment '{segment}' rests on {cause}, which has no history: nobody knows who was in it then. Date its "
        "changes with 'changed_at', or name with --trust what was then as it is now"
    )


def cleaned_of(contender: Contender, settings: Settings) -> Honest:
    """Its definitions as they may be looked at. Raises RequestRefused where its card is not there, or is not left."""
    project, name = contender.project, contender.scorecard
    bind(project, contender.source)
    cards = project.cards_for("account")
    if name is not None and name not in cards:
        raise RequestRefused(f"{contender.name}: {unknown('scorecard of accounts', name, cards)}")
    cleaned = honest(project, contender.source, settings.trusted)
    if name is not None and name not in cleaned.project.scorecards:
        card = f"scorecard '{name}'"
        raise RequestRefused(f"{contender.name}: {nothing_left(card, cleaned)}")
    return cleaned


def _fitting(settings: Settings, contender: Contender) -> Settings:
    """What is trusted is said of the data of the first contender; the other may not have all of it."""
    known = known_names(contender.project, contender.source)
    return replace(settings, trusted=[one for one in settings.trusted if one in known])


class _Gathering:
    """Everything that is taken from values, in one pass over the dates for definitions with the same values."""

    def __init__(self, observations: Observations, looks: Looks) -> None:
        account = pa.concat_arrays([_plain(observations.account), _plain(looks.account)])
        self._observations = observations
        self._places = Places(account, np.concatenate([observations.as_of, looks.as_of]))
        self._contenders: list[_Gathered] = []

    @property
    def dates(self) -> list[date]:
        return [day.astype(date) for day in self._places.dates]

    def of(self, contender: Contender, cleaned: Honest) -> _Gathered:
        self._contenders.append(_Gathered(contender, cleaned, self._places, self._observations))
        return self._contenders[-1]

    def run(self, settings: Settings) -> None:
        groups: dict[str, list[_Gathered]] = {}
        for one in self._contenders:
            groups.setdefault(values_version(one.project, one.contender.source), []).append(one)
        done, total = 0, len(groups) * len(self.dates)
        for group in groups.values():
            self._check_segments(group)
            for values in DatedValues(group[0].project, group[0].contender.source, settings.values).at(self.dates):
                for one in group:
                    one.add(values)
                done += 1
                if settings.advance:
                    settings.advance(done, total)

    def _check_segments(self, group: Sequence[_Gathered]) -> None:
        """Segments are asked of the first contender alone: it is its report."""
        for one in group:
            one.wants_segments = one is self._contenders[0]


class _Gathered:
    """What is taken of one contender: scores as shown, scores without what people entered, segments."""

    def __init__(self, contender: Contender, cleaned: Honest, places: Places, observations: Observations) -> None:
        self.contender = contender
        self.project = cleaned.project
        self.wants_segments = True
        self._cleaned = cleaned
        self._shown = Scoring(cleaned.project, places)
        enters = bool(cleaned.project.all_with_role("entries"))
        self._bare = Scoring(cleaned.project, places, entered=False) if enters else None
        self._sampling = Sampling(cleaned.project, observations, metrics=False)

    def add(self, values: Values) -> None:
        self._shown.add(values)
        if self._bare is not None:
            self._bare.add(values)
        if self.wants_segments:
            self._sampling.add(values)

    def seen(self) -> Seen:
        return Seen(
            name=self.contender.name,
            scorecard=self.contender.scorecard,
            shown=self._shown.scored(),
            bare=self._bare.scored() if self._bare is not None else None,
            segments=self._sampling.sample().segments if self.wants_segments else {},
            notes=(*self._cleaned.notes, *_of_population(self.project)),
            has_overrides=_has_overrides(self.project),
        )


def _has_overrides(project: Project) -> bool:
    cards = project.cards_for("account").values()
    return bool(project.all_with_role("overrides")) or any(card.overrides for card in cards)


def _of_population(project: Project) -> tuple[str, ...]:
    found = project.with_role("accounts")
    if found is None or found[1].started_at or found[1].changed_at:
        return ()
    return (f"accounts of '{found[0]}' have no first day (started_at): each counts as a customer at every date",)


def _asked(own: Contender, question: Question, observations: Observations, settings: Settings) -> Asked:
    return Asked(
        name=own.name,
        scorecard=own.scorecard,
        first=question.first,
        last=question.last,
        lead_days=question.lead_days,
        way=observations.way,
        every_days=every_of(question, observations.way),
        horizon_days=observations.horizon_days,
        dates=len(observations.dates),
        draws=settings.draws,
        seed=settings.seed,
        segment=settings.segment,
    )


def _plain(array: pa.Array) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
