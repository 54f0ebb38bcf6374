"""Old values made ready to be scored by other definitions: pinned to a card, and with what the others name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from keepwell.definitions.dependencies import closure, references, score_dependent
from keepwell.definitions.expressions import names_in
from keepwell.definitions.measures import Percentile
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.definitions.versions import Versions
from keepwell.engine.values import PINS, EntityValues, Values


def pinned(values: Values, entity_kind: EntityKind, cards: Mapping[int, str]) -> Values:
    """The same values with entities, by row, pinned to cards in place of the pins that they have."""
    entities = values.of(entity_kind)
    assert entities is not None
    kept = entities.pins.filter(pa.array(~np.isin(entities.pins["entity"].to_numpy(), list(cards)), pa.bool_()))
    added = pa.Table.from_pylist([{"entity": row, "scorecard": card} for row, card in cards.items()], PINS)
    return _with(values, replace(entities, pins=pa.concat_tables([kept, added])))


def filled(old: Values, new: Values) -> tuple[Values, frozenset[str]]:
    """`old` with the metrics and attributes that only `new` has, all null; and their names.

    A column whose type is another one in `new` counts as missing, since what reads it expects the new type.
    """
    missing: set[str] = set()
    kinds: tuple[EntityKind, ...] = ("account", "relationship")
    for kind in kinds:
        before, after = old.of(kind), new.of(kind)
        if before is not None and after is not None:
            attributes, no_attributes = _filled(before.attributes, after.attributes, len(before))
            metrics, no_metrics = _filled(before.metrics, after.metrics, len(before))
            old = _with(old, replace(before, attributes=attributes, metrics=metrics))
            missing |= no_attributes | no_metrics
    return old, frozenset(missing)


def missing_from(project: Project, card: str, missing: frozenset[str]) -> frozenset[str]:
    """Those of `missing` that the scores of a card's measures rest on."""
    used = _metrics_of(project, card)
    for measure in project.scorecards[card].measures.values():
        if isinstance(measure.score, Percentile) and measure.score.percentile.within is not None:
            used |= {name.dotted for name in names_in(measure.score.percentile.within)}
    return used & missing


def redefined(old: Project, new: Project, card: str) -> frozenset[str]:
    """Metrics behind a card that both projects have, with other definitions, and that values hold as they were read."""
    before, after = Versions(old), Versions(new)
    metrics = (_metrics_of(new, card) & old.metrics.keys()) - score_dependent(new)
    return frozenset(name for name in metrics if before.of("metrics", name) != after.of("metrics", name))


def _metrics_of(project: Project, card: str) -> frozenset[str]:
    reached = closure(("scorecards", card), lambda node: references(project, node))
    return frozenset(name for kind, name in reached if kind == "metrics")


def _filled(old: pa.Table, new: pa.Table, rows: int) -> tuple[pa.Table, frozenset[str]]:
    missing = frozenset(
        field.name for field in new.schema if field.name not in old.column_names or old[field.name].type != field.type
    )
    columns = {name: old[name] for name in old.column_names if name not in missing}
    columns |= {name: pa.chunked_array([pa.nulls(rows, new.schema.field(name).type)]) for name in sorted(missing)}
    return (pa.table(columns) if missing else old), missing


def _with(values: Values, entities: EntityValues) -> Values:
    if entities.entity_kind == "account":
        return replace(values, accounts=entities)
    return replace(values, relationships=entities)
