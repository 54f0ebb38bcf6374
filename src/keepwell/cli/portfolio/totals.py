"""Accounts and revenue by band."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keepwell.cli.portfolio.entities import UNASSIGNED, Entities
from keepwell.definitions.schemes import UNKNOWN, Scheme


@dataclass(frozen=True)
class BandTotal:
    """Entities with one label of one scheme. `arr` is the sum of what is known, NaN where nothing is known of any."""

    scheme: Scheme
    label: str
    count: int
    arr: float


def band_totals(entities: Entities) -> list[BandTotal]:
    """From worst to best, by scheme; then unknown and unassigned where there are any.

    Where a scheme has no bands, its scores are one total without a label.
    """
    found = []
    for scheme, rows in _by_scheme(entities):
        for label in scheme.labels or ("",):
            chosen = rows[entities.labels[rows] == label] if label else rows[~np.isnan(entities.final[rows])]
            found.append(_total(entities, scheme, label, chosen))
    for label in (UNKNOWN, UNASSIGNED):
        rows = np.flatnonzero(entities.labels == label)
        if len(rows):
            found.append(_total(entities, Scheme(), label, rows))
    return found


def main_scheme(entities: Entities) -> Scheme:
    """The scheme that bands most of the entities."""
    sizes = [(len(rows), scheme) for scheme, rows in _by_scheme(entities)]
    return max(sizes, key=lambda one: one[0])[1] if sizes else Scheme()


def _by_scheme(entities: Entities) -> Iterator[tuple[Scheme, npt.NDArray[np.int64]]]:
    rows: dict[str, list[npt.NDArray[np.int64]]] = {}
    schemes = {}
    for card in entities.scores.cards.values():
        rows.setdefault(card.card.scheme, []).append(card.rows)
        schemes[card.card.scheme] = card.scheme
    for name, parts in rows.items():
        yield schemes[name], np.concatenate(parts)


def _total(entities: Entities, scheme: Scheme, label: str, rows: npt.NDArray[np.int64]) -> BandTotal:
    arr = entities.arr[rows]
    known = arr[~np.isnan(arr)]
    return BandTotal(scheme, label, len(rows), float(known.sum()) if len(known) or not len(rows) else np.nan)
