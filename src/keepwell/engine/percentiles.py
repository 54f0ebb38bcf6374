"""Percentiles over a whole population, or against the peers of an earlier run."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from keepwell.definitions.measures import Within
from keepwell.engine.columns import numbers, texts
from keepwell.engine.entities import Entities
from keepwell.engine.scoring.percentile import percentile_scores, sorted_peers

Floats = npt.NDArray[np.float64]


@dataclass
class Percentiles:
    """Percentile scores of all n entities of a population, whatever their card; each computed once.

    `peers` are the entities of the last full run, where single entities are re-scored against them: every entity is
    then put alone among the others as they were.
    """

    entities: Entities
    peers: Entities | None = None
    _known: dict[tuple[str, Within], Floats] = field(default_factory=dict)

    def scores(self, metric: str, within: Within) -> Floats:
        """[n]; NaN where the metric or `within` is null."""
        key = (metric, within)
        if key not in self._known:
            among_all = self._among_all if self.peers is None else self._among_peers
            self._known[key] = among_all(metric, within)
        return self._known[key]

    def _among_all(self, metric: str, within: Within) -> Floats:
        values = _values(self.entities, metric)
        if within.within is None:
            return percentile_scores(values, None, descending=within.descending)
        column = self.entities.evaluate({"within": within.within}, where=f"the peers of '{metric}'").columns["within"]
        encoded = column.dictionary_encode().indices.cast("int64")
        codes = encoded.fill_null(-1).to_numpy(zero_copy_only=False)
        return percentile_scores(values, codes, descending=within.descending)

    def _among_peers(self, metric: str, within: Within) -> Floats:
        assert self.peers is not None
        known = sorted_peers(_values(self.peers, metric), _labels(self.peers, within))
        labels = _labels(self.entities, within) or [""] * len(self.entities)
        return known.scores(
            _values(self.entities, metric), labels, self._before(metric, within, labels), descending=within.descending
        )

    def _before(self, metric: str, within: Within, labels: list[str | None]) -> Floats:
        """The value with which each entity stands among those peers; NaN if it was not there, or among others."""
        assert self.peers is not None
        places = pc.index_in(self.entities.values.ids, value_set=self.peers.values.ids)
        earlier = _labels(self.peers, within) or [""] * len(self.peers)
        values = _values(self.peers, metric)
        return np.array(
            [
                values[place] if place is not None and earlier[place] == label else np.nan
                for place, label in zip(places.to_pylist(), labels, strict=True)
            ],
            np.float64,
        )


def _values(entities: Entities, metric: str) -> Floats:
    column = entities.metric(metric)
    return np.full(len(entities), np.nan) if column is None else numbers(column)


def _labels(entities: Entities, within: Within) -> list[str | None] | None:
    if within.within is None:
        return None
    return list(texts(entities.evaluate({"within": within.within}).columns["within"]).to_pylist())
