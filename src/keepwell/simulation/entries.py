"""Scores that customer success managers enter by hand. They mean well, and see their accounts a bit too well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.simulation.accounts import csm_names
from keepwell.simulation.arrays import (
    NEVER,
    SECONDS_A_DAY,
    Doubles,
    Flags,
    Floats,
    Indices,
    Ints,
    at_clock,
    coded,
    date_column,
    time_column,
)
from keepwell.simulation.blocks import Block
from keepwell.simulation.interventions import Reviews, started_on
from keepwell.simulation.perception import PULSE_EDGES, PULSE_LEVELS, perceived
from keepwell.simulation.rhythm import occasions

MEASURES = ("executive_relationship", "csm_pulse", "support_satisfaction")
_COMMENTS = (
    "our sponsor has left",
    "sponsor is hard to reach",
    "sponsor joined the last review",
    "sponsor speaks for us unasked",
    "they may leave",
    "some open questions",
    "going well",
    "spoke with their team, the tickets look worse than it is",
)


@dataclass(frozen=True)
class _Judgement:
    """A measure that CSMs score by hand: what they perceive (sd) is cut at the edges into levels."""

    measure: int
    every_days: int
    edges: tuple[float, ...]
    levels: tuple[float, ...]
    first_comment: int


_SPONSOR = _Judgement(0, every_days=45, edges=(-1.0, 0.1, 1.1), levels=(0.0, 35.0, 70.0, 100.0), first_comment=0)
_PULSE = _Judgement(1, every_days=42, edges=PULSE_EDGES, levels=PULSE_LEVELS, first_comment=4)


@dataclass(frozen=True)
class _Entries:
    """Entries of one measure; arrays have one value per entry."""

    measure: int
    place: Indices
    day: Ints
    score: Doubles
    withdrawn: Flags
    comment: Ints
    expires_on: Ints


def entry_table(block: Block) -> pa.Table:
    """Columns account_id, measure, score (null withdraws), source, comment, author, entered_at, loaded_at, expires_at.

    Measures: executive_relationship (about every seven weeks), csm_pulse (about every six weeks, and the day before a
    playbook is decided on), and now and then support_satisfaction by a CSM who knows better than the tickets, for a
    month. A few entries arrive days late.
    """
    random = block.random("entries")
    sponsor = block.signal("sponsorship", random, noise=0.5)
    health = block.state.health
    pulse = health + np.float32(block.company.noise) * random.standard_normal(health.shape, dtype=np.float32)
    written = [_judged(block, random, _SPONSOR, sponsor), _judged(block, random, _PULSE, pulse)]
    written += [_at_review(block, review) for review in block.reviews]
    return _table(block, random, [*written, _better_known(block, random)])


def _at_review(block: Block, review: Reviews) -> _Entries:
    """Before a CSM decides on a playbook, or a lottery does, the pulse is taken; the decision rests on it."""
    start = started_on(block.company, review)
    place = np.flatnonzero((review.week >= 0) & (start < block.leaves_on))
    level = review.pulse[place]
    nothing = np.zeros(len(place), dtype=np.bool_)
    return _Entries(
        measure=1,
        place=place,
        day=(start[place] - 1).astype(np.int32),
        score=np.asarray(PULSE_LEVELS)[level],
        withdrawn=nothing,
        comment=(level + _PULSE.first_comment).astype(np.int32),
        expires_on=np.full(len(place), NEVER, dtype=np.int32),
    )


def _judged(block: Block, random: np.random.Generator, judgement: _Judgement, shown: Floats) -> _Entries:
    """What the CSM perceives, cut into the levels of the measure; busy CSMs skip a third of the occasions."""
    every = np.full(len(block.accounts), judgement.every_days, dtype=np.int32)
    place, day = _chosen(block, random, every, 0.67)
    seen = perceived(block.company, block.accounts.csm[place], shown[place, block.week_of(day)], random)
    level = np.searchsorted(judgement.edges, seen)
    passing = random.random(len(place)) < 0.1
    return _Entries(
        measure=judgement.measure,
        place=place,
        day=day,
        score=np.asarray(judgement.levels)[level],
        withdrawn=random.random(len(place)) < 0.01,
        comment=(level + judgement.first_comment).astype(np.int32),
        expires_on=np.where(passing, day + 45, NEVER).astype(np.int32),
    )


def _better_known(block: Block, random: np.random.Generator) -> _Entries:
    place, day = _chosen(block, random, np.full(len(block.accounts), 365, dtype=np.int32), 0.1)
    return _Entries(
        measure=2,
        place=place,
        day=day,
        score=np.full(len(place), 80.0),
        withdrawn=np.zeros(len(place), dtype=np.bool_),
        comment=np.full(len(place), len(_COMMENTS) - 1, dtype=np.int32),
        expires_on=(day + 30).astype(np.int32),
    )


def _chosen(block: Block, random: np.random.Generator, every: Ints, share: float) -> tuple[Indices, Ints]:
    place, day = occasions(block, random, every, jitter_days=14)
    done = random.random(len(place)) < share
    return place[done], day[done]


def _table(block: Block, random: np.random.Generator, written: list[_Entries]) -> pa.Table:
    place = np.concatenate([one.place for one in written])
    measure = np.repeat([one.measure for one in written], [len(one.place) for one in written])
    entered = at_clock(np.concatenate([one.day for one in written]), random.random(len(place)))
    late = np.where(random.random(len(place)) < 0.04, random.uniform(1, 6, len(place)) * SECONDS_A_DAY, 30.0)
    loaded = entered + late.astype(np.int64)
    withdrawn = np.concatenate([one.withdrawn for one in written])
    expires_on = np.concatenate([one.expires_on for one in written])
    table = pa.table(
        {
            "account_id": coded(place, block.ids),
            "measure": coded(measure, MEASURES),
            "score": pa.array(np.concatenate([one.score for one in written]), mask=withdrawn),
            "source": coded(np.zeros(len(place), dtype=np.int32), ("manual",)),
            "comment": coded(np.concatenate([one.comment for one in written]), _COMMENTS, withdrawn),
            "author": coded(block.accounts.csm[place], csm_names(block.company)),
            "entered_at": time_column(entered),
            "loaded_at": time_column(loaded),
            "expires_at": date_column(expires_on, withdrawn | (expires_on == NEVER)),
        }
    )
    order = np.lexsort((entered, place))
    return table.take(order[loaded[order] < (block.last_day + 1) * SECONDS_A_DAY])
