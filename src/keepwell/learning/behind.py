"""What stands behind the cells of a backtest: the observations that each counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from keepwell.learning.observations import Codes, Observations
from keepwell.learning.outcomes import Flags
from keepwell.learning.samples import Scored
from keepwell.learning.scoring import below_best
from keepwell.learning.warning import WARNING_DAYS, Looks

SCHEMA = pa.schema(
    [
        ("account", pa.string()),
        ("as_of", pa.date32()),
        ("decided_on", pa.date32()),  # null: none within the horizon; and for looks back
        ("lost", pa.bool_()),
        ("amount", pa.float64()),
        ("score", pa.float64()),
        ("label", pa.string()),
        ("cells", pa.list_(pa.string())),  # such as band:traffic_light:red, segment:large, tenth:3, early:90:worst
    ]
)
"""A row for each observation, then for each look back at a loss."""

Cells = Iterable[tuple[str, Flags]]
"""The name of each cell, and which of the observations it counts."""


def rows_behind(observations: Observations, looks: Looks, scored: Scored, counted: Flags, cells: Cells) -> pa.Table:
    """`scored`: the observations first, the looks behind them. `counted`: [n + L] those that the report is about."""
    n = len(observations)
    labels, there = _labels(scored), counted & ((scored.card >= 0) | (np.arange(len(counted)) < n))
    early = [(name, np.concatenate([np.zeros(n, np.bool_), flags])) for name, flags in _early(looks, scored, n)]
    seen = [(name, np.concatenate([flags, np.zeros(len(looks.days), np.bool_)])) for name, flags in cells]
    size = len(looks.days)
    table = pa.table(
        {
            "account": pa.concat_arrays([_plain(observations.account), _plain(looks.account)]),
            "as_of": pa.array(np.concatenate([observations.as_of, looks.as_of])),
            "decided_on": pa.array(np.concatenate([observations.decided_on, np.full(size, "NaT", "datetime64[D]")])),
            "lost": pa.array(np.concatenate([observations.lost, np.ones(size, np.bool_)])),
            "amount": _known(np.concatenate([observations.amount, np.full(size, np.nan)])),
            "score": _known(scored.final),
            "label": pa.array(labels, pa.string()),
            "cells": _listed([*seen, *early], len(there)),
        },
        schema=SCHEMA,
    )
    return table.filter(pa.array(there))


def _early(looks: Looks, scored: Scored, n: int) -> Iterator[tuple[str, Flags]]:
    below, worst = below_best(scored)
    for days in WARNING_DAYS:
        here = looks.days == days
        yield f"early:{days}:seen", here
        yield f"early:{days}:below", here & below[n:]
        yield f"early:{days}:worst", here & worst[n:]


def _labels(scored: Scored) -> list[str | None]:
    by_card = [scored.schemes[name].labels for name in scored.cards]
    pairs = zip(scored.card.tolist(), scored.band.tolist(), strict=True)
    return [by_card[card][band] if card >= 0 and band >= 0 else None for card, band in pairs]


def _listed(cells: Sequence[tuple[str, Flags]], rows: int) -> pa.ListArray:
    """[rows] the names of the cells that count each."""
    row: Codes = np.concatenate([np.array([], np.int64), *(np.flatnonzero(flags) for _, flags in cells)])
    name = np.repeat(np.arange(len(cells)), [int(flags.sum()) for _, flags in cells])
    order = np.lexsort((name, row))
    offsets = np.searchsorted(row[order], np.arange(rows + 1))
    names = pa.array([one for one, _ in cells], pa.string()).take(pa.array(name[order], pa.int64()))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), names)


def _known(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _plain(array: pa.Array) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
