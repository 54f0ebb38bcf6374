"""The effect of a draft as a page shows it: bands and scores before and after, and who moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.models import Draft
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import Run
from keepwell.apps.health.scored import state_of
from keepwell.apps.health.tones import NONE, tone_of
from keepwell.apps.scorecards.preview import MOST, Missing, draft_state, effect
from keepwell.definitions.project import Project
from keepwell.engine.explain.changes import Comparison, Mover

_BINS = 20


@dataclass(frozen=True)
class BandChange:
    """A band with its accounts before and after. `old_width`, `new_width`: of the largest band, 0 to 100."""

    label: str
    tone: str
    before: int
    after: int
    old_width: float
    new_width: float

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Bar:
    """A column of the histogram: scores from `low` to `high`; heights are of the highest column, 0 to 100."""

    low: int
    high: int
    before: int
    after: int
    x: float
    old_height: float
    new_height: float


@dataclass(frozen=True)
class Moving:
    """Somebody who moves, with the name that pages call them by."""

    mover: Mover
    name: str
    old_tone: str
    new_tone: str


@dataclass(frozen=True)
class Effect:
    comparison: Comparison
    bands: tuple[BandChange, ...]
    bars: tuple[Bar, ...]
    movers: tuple[Moving, ...]
    accounts: int
    seconds: float
    most: int = MOST

    @property
    def moved(self) -> int:
        return self.comparison.up + self.comparison.down + self.comparison.other


def effect_of(actor: Actor, run: Run, draft: Draft) -> Effect | Missing:
    """What the draft would do to the portfolio of the run. Raises DefinitionsRefused for a draft that is not valid."""
    started = perf_counter()
    old, new = state_of(run), draft_state(run, draft.files)
    if isinstance(new, Missing):
        return new
    found = effect(old, new, actor)
    names = dict(Account.objects.filter(pk__in=[one.account_id for one in found.movers]).values_list("pk", "name"))
    tones = _tones(old.project) | _tones(new.project)
    movers = tuple(
        Moving(
            one,
            names.get(one.account_id, one.account_id),
            tones.get(one.old_label, NONE),
            tones.get(one.new_label, NONE),
        )
        for one in found.movers
    )
    bands, bars = tuple(_bands(found, tones)), tuple(_bars(found))
    return Effect(found, bands, bars, movers, found.entities.num_rows, perf_counter() - started)


def _bands(found: Comparison, tones: dict[str, str]) -> Iterator[BandChange]:
    largest = max((max(one.before, one.after) for one in found.bands), default=0) or 1
    for one in found.bands:
        widths = 100 * one.before / largest, 100 * one.after / largest
        yield BandChange(one.label, tones.get(one.label, NONE), one.before, one.after, *widths)


def _bars(found: Comparison) -> Iterator[Bar]:
    edges = np.linspace(0, 100, _BINS + 1)
    counts = []
    for name in ("old_final", "new_final"):
        scores = found.entities[name].to_numpy()
        counts.append(np.histogram(scores[~np.isnan(scores.astype(float))], edges)[0])
    highest = max(int(max(one.max() for one in counts)), 1)
    for at, (before, after) in enumerate(zip(*counts, strict=True)):
        heights = 100 * int(before) / highest, 100 * int(after) / highest
        yield Bar(int(edges[at]), int(edges[at + 1]), int(before), int(after), at * 100 / _BINS, *heights)


def _tones(project: Project) -> dict[str, str]:
    return {label: tone_of(label, scheme) for scheme in project.schemes.values() for label in scheme.labels}
