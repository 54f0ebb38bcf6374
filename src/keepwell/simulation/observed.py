"""A simulated company as a study of effects sees it, straight from memory: what is known, and the truth beside it.

Files and definitions are left out, so that hundreds of companies can be asked whether an estimate finds what is true.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.simulation.arrays import Doubles, Floats, Indices, Ints, coded, date_column, day_of
from keepwell.simulation.blocks import Block, draw_block
from keepwell.simulation.company import SEGMENTS, Company
from keepwell.simulation.entries import MEASURES, entry_table
from keepwell.simulation.interventions import treatment_table, true_effect
from keepwell.simulation.renewals import renewal_table
from keepwell.simulation.truth import truth_tables

POINTS = 15.0
"""Points of the score for each sd of the mean signal."""


@dataclass(frozen=True)
class Observed:
    """`ledger` as the data have it (account_id, by, is_held_out, occurred_at). `history`: account, as_of, score, a
    column a driver, csm_pulse, tenure, days_to_renewal and segments, at the end of each week and whenever a CSM wrote
    the pulse. `decisions`: account_id, decided_on, result. `interventions`: the truth (see `simulation.truth`)."""

    ledger: pa.Table
    history: pa.Table
    decisions: pa.Table
    interventions: pa.Table


def observed(company: Company) -> Observed:
    blocks = [draw_block(company, number) for number in range(company.blocks)]
    return Observed(
        ledger=_joined([treatment_table(company, one.accounts, one.reviews, one.churned_on) for one in blocks]),
        history=_joined([_history(one) for one in blocks]),
        decisions=_joined([renewal_table(one.accounts, one.renewals) for one in blocks]),
        interventions=_joined([truth_tables(one)["interventions.parquet"] for one in blocks]),
    )


def true_score_effect(company: Company, playbook: str) -> float:
    """Points by which a playbook lifts the score of `observed`, four weeks after it started and from then on."""
    return POINTS * company.halo * true_effect(company, playbook)


def _joined(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables([table.unify_dictionaries() for table in tables], promote_options="permissive")


def _history(block: Block) -> pa.Table:
    random = block.random("observed")
    place, day, level = _pulses(block)
    weeks = np.arange(block.company.weeks)
    everyone, week = np.nonzero(block.there())
    ends = (block.first_day + 7 * weeks[week] + 6).astype(np.int32)
    places, days = np.concatenate([everyone, place]), np.concatenate([ends, day])
    known = (days <= block.last_day) & (days < block.churned_on[places]) & (days >= block.accounts.signed_on[places])
    places, days = places[known], days[known]
    return _table(block, random, places, days, _latest(places, days, (place, day, level)))


def _table(block: Block, random: np.random.Generator, place: Indices, day: Ints, level: Doubles) -> pa.Table:
    """A row shows the signals of the last week that was over by its day."""
    week = np.maximum((day + 1 - block.first_day) // 7 - 1, 0)
    shown = [block.signal(driver, random) for driver in block.company.drivers.names]
    signals: list[Floats] = [one[place, week] for one in shown]
    columns = {
        "account": coded(place, block.ids),
        "as_of": date_column(day),
        "score": pa.array(50 + POINTS * np.mean(signals, axis=0, dtype=np.float64)),
        **{name: pa.array(one) for name, one in zip(block.company.drivers.names, signals, strict=True)},
        "csm_pulse": pa.array(level, from_pandas=True),
        "tenure": pa.array((day - block.accounts.signed_on[place]).astype(np.float64)),
        "days_to_renewal": pa.array(_to_renewal(block, place, day)),
    }
    segment = block.accounts.segment[place]
    columns |= {name: pa.array(segment == number) for number, name in enumerate(SEGMENTS[1:], start=1)}
    return pa.table(columns)


def _pulses(block: Block) -> tuple[Indices, Ints, Doubles]:
    """Who wrote which pulse when, in order of account and time."""
    table = entry_table(block)
    own = np.asarray(table["measure"].combine_chunks().indices) == MEASURES.index("csm_pulse")
    own &= ~np.asarray(table["score"].is_null())
    table = table.filter(pa.array(own))
    code = {one: at for at, one in enumerate(block.ids)}
    place = np.array([code[one] for one in table["account_id"].to_pylist()], np.int64)
    seconds = table["entered_at"].cast(pa.int64()).to_numpy() // 1_000_000
    return place, day_of(seconds), table["score"].to_numpy()


def _latest(place: Indices, day: Ints, pulses: tuple[Indices, Ints, Doubles]) -> Doubles:
    """The last pulse written by the end of each day; NaN before the first."""
    span = np.int64(1 << 20)
    written = pulses[0] * span + pulses[1]
    order = np.argsort(written, kind="stable")
    at = np.searchsorted(written[order], place * span + day, side="right") - 1
    safe = np.maximum(at, 0)
    found = (at >= 0) & (pulses[0][order][safe] == place)
    return np.where(found, pulses[2][order][safe], np.nan)


def _to_renewal(block: Block, place: Indices, day: Ints) -> Doubles:
    """Days to the next renewal of the contract."""
    due = block.renewals.due_on[:, place]
    return np.where(due > day, due - day, 10_000).min(axis=0).astype(np.float64)
