"""Scores as they are seen: one row for each entity, date and node of its card.

What a column means for each kind of node; null where nothing stands:

    column            overall                 group            measure
    value                                                      the metric's value (booleans 0, 1), or what was entered
    value_text                                                 the same in words, for text, booleans and dates
    computed_score    S before overrides      G                s_j after when_stale and when_missing
    final_score       S after overrides       G                s_j: overrides touch the overall alone
    label             of the final score      by the card's    by the measure's own scheme, else the card's
    weight                                    W_G as written   w_j as written
    effective_weight  1, null where S is      its share of S   its share of S, 0 where it does not count
    contribution      S before overrides      its part of S    its part of S, 0 where it does not count
    coverage          c                       c_G              o_j: f_j where observed, 0 where imputed
    freshness                                                  f_j
    imputed                                                    when_missing stood in
    stale                                                      too old, also where that is why it was dropped
    observed_at                                                the day of the observation
    source                                                     manual, rule, api, metric; null if imputed
    overrides         names that fired

So computed scores, final scores and contributions add up within each kind of node, and rows of different kinds are
never summed together. `entity_id` names the account or the relationship; `account_id` the account, of a relationship
the one it belongs to. Relationships are never part of a total over accounts: keep to one `entity_kind`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.columns import nullable
from keepwell.engine.scores import Scores
from keepwell.engine.wide import BATCH_ROWS, WIDE, wide_batches

TIDY = pa.schema(
    [
        ("entity_kind", pa.string()),
        ("entity_id", pa.string()),
        ("account_id", pa.string()),
        ("as_of", pa.date32()),
        ("known_at", pa.timestamp("us", "UTC")),
        ("scorecard", pa.string()),
        ("version", pa.string()),
        ("node_kind", pa.string()),  # overall | group | measure
        ("node", pa.string()),  # overall, or the name of the group or measure
        ("value", pa.float64()),
        ("value_text", pa.string()),
        ("computed_score", pa.float64()),
        ("final_score", pa.float64()),
        ("label", pa.string()),
        ("weight", pa.float64()),
        ("effective_weight", pa.float64()),
        ("contribution", pa.float64()),
        ("coverage", pa.float64()),
        ("freshness", pa.float64()),
        ("imputed", pa.bool_()),
        ("stale", pa.bool_()),
        ("observed_at", pa.date32()),
        ("source", pa.string()),
        ("overrides", pa.list_(pa.string())),
    ]
)

_OF_ENTITY = ("entity_kind", "entity_id", "account_id", "as_of", "known_at", "scorecard", "version")

Floats = npt.NDArray[np.float64]
Parts = tuple[pa.Array | None, pa.Array | None, pa.Array | None]
"""A column's items for the overall, the groups and the measures, entity by entity; None for nulls."""


def tidy(scores: Scores) -> pa.Table:
    """All scores in rows of `TIDY`: for each entity the overall, then groups, then measures, in the order of the
    card.
    """
    return pa.Table.from_batches(tidy_batches(scores), TIDY)


def tidy_batches(scores: Scores, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """The same, for at most `rows` entities at a time, so that a large result can be written in bounded memory."""
    for batch in wide_batches(scores, rows):
        yield _tidy_batch(batch)


def tidy_from_wide(stored: pa.Table) -> pa.Table:
    """Stored rows (`WIDE`) as tidy ones, in runs of one card and version as they come."""
    return pa.Table.from_batches((_tidy_batch(run) for run in _runs(stored.select(WIDE.names))), TIDY)


def _runs(stored: pa.Table) -> Iterable[pa.RecordBatch]:
    """Consecutive rows of the same card and version, whose lists are equally long."""
    for batch in stored.to_batches(max_chunksize=BATCH_ROWS):
        keys = pc.binary_join_element_wise(batch["entity_kind"], batch["scorecard"], batch["version"], "|")
        codes = keys.dictionary_encode().indices.to_numpy()
        starts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
        for start, end in pairwise(starts):
            if end > start:
                yield batch.slice(start, end - start)


def _tidy_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """`batch` holds rows of `WIDE` of one card and version."""
    n = batch.num_rows
    layout = _Layout(n, len(batch["groups"][0]), len(batch["measures"][0]))
    columns = {name: layout.for_each_node(batch[name]) for name in _OF_ENTITY}
    columns |= {name: layout.interleave(parts, TIDY.field(name).type) for name, parts in _parts(batch, layout).items()}
    return pa.record_batch([columns[name].cast(TIDY.field(name).type) for name in TIDY.names], schema=TIDY)


def _parts(batch: pa.RecordBatch, layout: _Layout) -> dict[str, Parts]:
    def items(name: str) -> pa.Array:
        return batch[name].flatten()

    sizes = np.asarray(batch["group_sizes"][0].as_py())
    weights = layout.matrix(items("effective_weights"))
    contributions = layout.matrix(items("contributions"))
    imputed = items("imputed")
    share = pc.if_else(imputed, 0.0, items("freshness"))
    counted = pc.if_else(pc.is_null(batch["computed_score"]), pa.scalar(None, pa.float64()), 1.0)
    return {
        "node_kind": tuple(pa.repeat(kind, k * layout.n) for kind, k in layout.kinds),
        "node": (pa.repeat("overall", layout.n), items("groups"), items("measures")),
        "value": (None, None, items("values")),
        "value_text": (None, None, items("value_texts")),
        "computed_score": (batch["computed_score"], items("group_scores"), items("measure_scores")),
        "final_score": (batch["final_score"], items("group_scores"), items("measure_scores")),
        "label": (batch["label"], items("group_labels"), items("measure_labels")),
        "weight": (None, items("group_weights"), items("measure_weights")),
        "effective_weight": (counted, _by_group(weights, sizes), items("effective_weights")),
        "contribution": (batch["computed_score"], _by_group(contributions, sizes), items("contributions")),
        "coverage": (batch["coverage"], items("group_coverage"), share),
        "freshness": (None, None, items("freshness")),
        "imputed": (None, None, imputed),
        "stale": (None, None, items("stale")),
        "observed_at": (None, None, items("observed_at")),
        "source": (None, None, items("sources")),
        "overrides": (batch["overrides"], None, None),
    }


def _by_group(per_measure: Floats, sizes: npt.NDArray[np.int64]) -> pa.Array:
    """[n, m] summed over the measures of each group, as n times G items."""
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    return nullable(np.add.reduceat(per_measure, starts, axis=1).ravel())


class _Layout:
    """Where the nodes of n entities stand: for each the overall, its groups, its measures."""

    def __init__(self, n: int, groups: int, measures: int) -> None:
        self.n = n
        self.kinds = (("overall", 1), ("group", groups), ("measure", measures))
        self._nodes = 1 + groups + measures
        overall = np.arange(n).reshape(n, 1)
        of_groups = n + np.arange(n * groups).reshape(n, groups)
        of_measures = n * (1 + groups) + np.arange(n * measures).reshape(n, measures)
        self._places = pa.array(np.hstack([overall, of_groups, of_measures]).ravel())
        self._entities = pa.array(np.repeat(np.arange(n), self._nodes))

    def for_each_node(self, column: pa.Array) -> pa.Array:
        return column.take(self._entities)

    def interleave(self, parts: Parts, kind: pa.DataType) -> pa.Array:
        whole = [
            pa.nulls(k * self.n, kind) if part is None else part.cast(kind)
            for part, (_, k) in zip(parts, self.kinds, strict=True)
        ]
        return pa.concat_arrays(whole).take(self._places)

    def matrix(self, items: pa.Array) -> Floats:
        """[n, m]"""
        found: Floats = items.to_numpy(zero_copy_only=False).reshape(self.n, -1)
        return found
