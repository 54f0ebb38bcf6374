"""Scores as they are stored: one row for each entity, date and card, with list columns for groups and measures.

Lists stand in the order of the card and have one item for each group or measure, null where there is nothing to say.
A row explains itself: names and weights are beside the scores, so that history outlives the card it was made with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.columns import nullable, numbers, texts
from keepwell.engine.scores import SOURCES, CardScores, EntityScores, Scores
from keepwell.engine.scoring.bands import band_codes, label_names

BATCH_ROWS = 16_384

_NUMBERS, _WORDS = pa.list_(pa.float64()), pa.list_(pa.string())

WIDE = pa.schema(
    [
        ("entity_kind", pa.string()),  # account | relationship
        ("entity_id", pa.string()),
        ("account_id", pa.string()),  # of a relationship, the account it belongs to
        ("as_of", pa.date32()),
        ("known_at", pa.timestamp("us", "UTC")),
        ("scorecard", pa.string()),
        ("version", pa.string()),
        ("computed_score", pa.float64()),
        ("final_score", pa.float64()),
        ("label", pa.string()),
        ("coverage", pa.float64()),
        ("overrides", _WORDS),  # the names that fired, in order; by_hand for each by hand
        ("groups", _WORDS),
        ("group_sizes", pa.list_(pa.int32())),  # how many of the measures, in order, belong to each group
        ("group_weights", _NUMBERS),
        ("group_scores", _NUMBERS),
        ("group_coverage", _NUMBERS),
        ("group_labels", _WORDS),
        ("measures", _WORDS),
        ("measure_weights", _NUMBERS),
        ("values", _NUMBERS),  # numbers, and booleans as 0 and 1
        ("value_texts", _WORDS),  # text, and booleans and dates in words; null for numbers
        ("measure_scores", _NUMBERS),
        ("measure_labels", _WORDS),
        ("effective_weights", _NUMBERS),
        ("contributions", _NUMBERS),
        ("freshness", _NUMBERS),
        ("imputed", pa.list_(pa.bool_())),
        ("stale", pa.list_(pa.bool_())),
        ("observed_at", pa.list_(pa.date32())),
        ("sources", _WORDS),
    ]
)


def wide(scores: Scores) -> pa.Table:
    """All scores, in rows of `WIDE`; unassigned entities have none."""
    return pa.Table.from_batches(wide_batches(scores), WIDE)


def wide_batches(scores: Scores, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """The same in batches of at most `rows`, each of one kind of entity and one card."""
    for entities in (scores.accounts, scores.relationships):
        for card in entities.cards.values() if entities else ():
            for start in range(0, len(card), rows):
                yield _Batch(scores, entities, card, slice(start, min(start + rows, len(card)))).record_batch()  # type: ignore[arg-type]


class _Batch:
    """Some entities of one card."""

    def __init__(self, scores: Scores, entities: EntityScores, card: CardScores, part: slice) -> None:
        self._scores = scores
        self._entities = entities
        self._card = card
        self._part = part
        self._rows = pa.array(card.rows[part])
        self._n = len(self._rows)

    def record_batch(self) -> pa.RecordBatch:
        columns = self._head() | self._groups() | self._measures()
        return pa.record_batch([columns[name].cast(WIDE.field(name).type) for name in WIDE.names], schema=WIDE)

    def _head(self) -> dict[str, pa.Array]:
        card, part = self._card, self._part
        known_at = self._scores.known_at
        known_at = known_at if known_at.tzinfo else known_at.replace(tzinfo=UTC)
        return {
            "entity_kind": pa.repeat(self._entities.entity_kind, self._n),
            "entity_id": self._entities.ids.take(self._rows),
            "account_id": self._entities.accounts.take(self._rows),
            "as_of": pa.repeat(pa.scalar(self._scores.as_of), self._n),
            "known_at": pa.repeat(pa.scalar(known_at, pa.timestamp("us", "UTC")), self._n),
            "scorecard": pa.repeat(card.scorecard, self._n),
            "version": pa.repeat(card.version, self._n),
            "computed_score": nullable(card.computed[part]),
            "final_score": nullable(card.final[part]),
            "label": self._labels(card.final[None, part], [card.scheme]),
            "coverage": nullable(card.coverage[part]),
            "overrides": pa.array(card.overrides[part].tolist(), _WORDS),
        }

    def _groups(self) -> dict[str, pa.Array]:
        card, part = self._card, self._part
        groups = card.card.groups
        scores = card.group_scores[:, part]
        return {
            "groups": self._repeated(list(groups), pa.string()),
            "group_sizes": self._repeated([len(group.measures) for group in groups.values()], pa.int32()),
            "group_weights": self._repeated([group.weight for group in groups.values()], pa.float64()),
            "group_scores": self._lists(scores),
            "group_coverage": self._lists(card.group_coverage[:, part]),
            "group_labels": self._listed(self._labels(scores, [card.scheme] * len(groups)), len(groups)),
        }

    def _measures(self) -> dict[str, pa.Array]:
        card, part, m = self._card, self._part, len(self._card.measures)
        scores, schemes = card.measure_scores[:, part], [card.measure_scheme(j) for j in range(m)]
        values = [self._value(j) for j in range(m)]
        freshness = np.stack([one.freshness_or_one(part) for one in card.settled])
        weights = card.whole_weights[:, None] * freshness * card.factors[card.group_of, part]
        imputed, source = self._spread("imputed", np.bool_), self._spread("source", np.int8)
        source = np.where(np.isnan(scores) | imputed, -1, source)
        return {
            "measures": self._repeated(list(card.measures), pa.string()),
            "measure_weights": self._repeated([one.weight for one in card.card.measures.values()], pa.float64()),
            "values": self._lists(np.stack([number for number, _ in values])),
            "value_texts": self._interleaved([text for _, text in values]),
            "measure_scores": self._lists(scores),
            "measure_labels": self._listed(self._labels(scores, schemes), m),
            "effective_weights": self._lists(weights),
            "contributions": self._lists(card.contributions[:, part]),
            "freshness": self._lists(freshness),
            "imputed": self._listed(pa.array(imputed.T.ravel()), m),
            "stale": self._listed(pa.array(self._spread("stale", np.bool_).T.ravel()), m),
            "observed_at": self._lists(self._spread("observed", "datetime64[D]")),
            "sources": self._listed(_words(np.array([*SOURCES, None], object), source.T.ravel()), m),
        }

    def _value(self, j: int) -> tuple[npt.NDArray[np.float64], pa.Array]:
        """What a measure went by: the metric's value, or the entered score where that counted. As number and as
        text.
        """
        card = self._card
        name = card.measures[j]
        measure = card.card.measures[name]
        number, text = np.full(self._n, np.nan), pa.nulls(self._n, pa.string())
        metric = measure.metric or name
        if measure.reads_metric and metric in self._entities.metrics.column_names:
            column = self._entities.metrics[metric].take(self._rows)
            number = numbers(column)
            text = text if pa.types.is_floating(column.type) else texts(column)
        if j in card.entered:
            entered = card.entered[j][self._part]
            number = np.where(np.isnan(entered), number, entered)
            text = pc.if_else(pa.array(np.isnan(entered)), text, pa.scalar(None, pa.string()))
        return number, text

    def _spread(self, name: str, dtype: npt.DTypeLike) -> npt.NDArray:  # type: ignore[type-arg]
        """One field of all measures as a matrix of this batch's entities, [m, rows]."""
        matrix = np.empty((len(self._card.settled), self._n), dtype)
        for row, one in zip(matrix, self._card.settled, strict=True):
            value = getattr(one, name)
            row[...] = value[self._part] if isinstance(value, np.ndarray) and value.ndim else value
        return matrix

    def _labels(self, scores: npt.NDArray[np.float64], schemes: list) -> pa.Array:  # type: ignore[type-arg]
        """Labels of [k, rows] scores, each row of them by a scheme, laid out entity by entity."""
        return self._interleaved(
            [_words(label_names(scheme), band_codes(row, scheme)) for row, scheme in zip(scores, schemes, strict=True)],
            as_lists=False,
        )

    def _lists(self, matrix: npt.NDArray) -> pa.Array:  # type: ignore[type-arg]
        return self._listed(nullable(np.ascontiguousarray(matrix.T).ravel()), len(matrix))

    def _interleaved(self, arrays: list[pa.Array], *, as_lists: bool = True) -> pa.Array:
        """k arrays of one item an entity, as one array (or lists of k) in the order of the entities."""
        places = np.arange(len(arrays) * self._n).reshape(len(arrays), self._n).T.ravel()
        items = pa.concat_arrays(arrays).take(pa.array(places))
        return self._listed(items, len(arrays)) if as_lists else items

    def _repeated(self, items: list, kind: pa.DataType) -> pa.Array:  # type: ignore[type-arg]
        return self._listed(pa.array(items, kind).take(pa.array(np.tile(np.arange(len(items)), self._n))), len(items))

    def _listed(self, items: pa.Array, k: int) -> pa.Array:
        return pa.ListArray.from_arrays(pa.array(np.arange(self._n + 1, dtype=np.int32) * k), items)


def _words(names: npt.NDArray[np.object_], codes: npt.NDArray[np.integer]) -> pa.Array:
    """The name of each code; the last name for -1."""
    places = np.where(codes < 0, len(names) - 1, codes)
    return pa.array(names.tolist(), pa.string()).take(pa.array(places))
