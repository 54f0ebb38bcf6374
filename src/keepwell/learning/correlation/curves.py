"""How the loss rate goes with one metric or measure: by decile, by text, and in single numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.columns import Column, numbers, texts
from keepwell.learning.correlation.rates import Rate, Z, rate
from keepwell.learning.figures.figure import numbers as counted
from keepwell.learning.figures.judging import too_few
from keepwell.learning.figures.ranking import auc
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

DECILES = 10
MOST_TEXTS = 20
_HALF = 0.5
"""Added to each count of a bin, so that one without losses has an information value."""
_STRENGTH = ((0.02, "none to speak of"), (0.1, "weak"), (0.3, "medium"))
"""Words for information values (Siddiqi 2006, "Credit risk scorecards"); above the last: strong."""


@dataclass(frozen=True)
class Slice:
    """Observations from `low` to `high` (both included), or with the text in `label`; "no value" for nulls."""

    label: str
    low: float | None
    high: float | None
    rate: Rate


@dataclass(frozen=True)
class Curve:
    """One metric or measure against outcomes.

    `auc`: how often of a lost and a kept observation the lost one has the lower value (0.5: no ranking), with the 95 %
    interval of Hanley and McNeil (1982), counting accounts; `reason` says why there is none, or no `information_value`.
    """

    kind: Literal["metric", "measure"]
    name: str
    slices: tuple[Slice, ...]
    information_value: float | None
    strength: str | None
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    reason: str | None = None


def curve(kind: Literal["metric", "measure"], name: str, column: Column, lost: Flags, codes: Codes) -> Curve:
    """`column`: [n] with nulls; `lost`, `codes`: [n]."""
    is_text = pa.types.is_string(column.type) or pa.types.is_boolean(column.type) or pa.types.is_dictionary(column.type)
    places, labels = _by_text(column) if is_text else _by_decile(numbers(column))
    slices = tuple(
        Slice(label, low, high, rate(lost[places == i], codes[places == i]))
        for i, (label, low, high) in enumerate(labels)
    )
    values = None if is_text else numbers(column)
    seen = np.ones(len(lost), np.bool_) if values is None else ~np.isnan(values)
    reason = too_few(counted(codes[seen], lost[seen])) if seen.any() else "it has no value in any observation"
    if reason is None and len(labels) < 2:
        reason = "it has the same value in every observation"
    if reason is not None:
        return Curve(kind, name, slices, None, None, None, None, None, reason)
    information = information_value([one.rate for one in slices])
    area = (None, None, None) if values is None else area_of(values[seen], lost[seen], codes[seen])
    return Curve(kind, name, slices, information, strength(information), *area)


def information_value(rates: Sequence[Rate]) -> float:
    """sum((k - l) ln(k / l)) over bins, with k and l the shares of all kept and of all lost that fall in the bin."""
    lost = [one.lost + _HALF for one in rates]
    kept = [one.observations - one.lost + _HALF for one in rates]
    parts = [(k / sum(kept), gone / sum(lost)) for k, gone in zip(kept, lost, strict=True)]
    return sum((k - gone) * log(k / gone) for k, gone in parts)


def strength(information: float) -> str:
    return next((words for limit, words in _STRENGTH if information < limit), "strong")


def area_of(values: Floats, lost: Flags, codes: Codes) -> tuple[float, float, float]:
    """AUC with its interval; variance of Hanley and McNeil (1982) with accounts ever lost and never lost as counts."""
    area = auc(values, lost)
    gone = max(len(np.unique(codes[lost])), 1)
    stayed = max(len(np.unique(codes)) - gone, 1)
    q1, q2 = area / (2 - area), 2 * area * area / (1 + area)
    variance = area * (1 - area) + (gone - 1) * (q1 - area * area) + (stayed - 1) * (q2 - area * area)
    half = Z * sqrt(max(variance, 0.0) / (gone * stayed))
    return area, max(0.0, area - half), min(1.0, area + half)


_Label = tuple[str, float | None, float | None]


def _by_decile(values: Floats) -> tuple[Codes, list[_Label]]:
    """Equal values stay together, so that there may be fewer than ten."""
    known = ~np.isnan(values)
    places = np.full(len(values), -1, np.int64)
    labels: list[_Label] = []
    if known.any():
        edges = np.unique(np.quantile(values[known], np.arange(1, DECILES) / DECILES, method="inverted_cdf"))
        found = np.searchsorted(edges, values[known], side="left")
        _, places[known] = np.unique(found, return_inverse=True)
        for place in range(int(places.max()) + 1):
            here = values[places == place]
            low, high = float(here.min()), float(here.max())
            labels.append((f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}", low, high))
    if not known.all():
        places[~known] = len(labels)
        labels.append(("no value", None, None))
    return places, labels


def _by_text(column: Column) -> tuple[Codes, list[_Label]]:
    words = texts(column)
    counts = sorted(pc.value_counts(words.drop_null()).to_pylist(), key=lambda one: (-one["counts"], one["values"]))
    shown = [one["values"] for one in counts[:MOST_TEXTS]]
    labels = [*shown, *(["others"] if len(counts) > MOST_TEXTS else [])]
    places = pc.fill_null(pc.index_in(words, value_set=pa.array(shown, pa.string())), len(shown))
    found = places.to_numpy(zero_copy_only=False).astype(np.int64)
    nulls = words.is_null().to_numpy(zero_copy_only=False)
    if nulls.any():
        found[nulls] = len(labels)
        labels = [*labels, "no value"]
    return found, [(label, None, None) for label in labels]
