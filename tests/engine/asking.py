"""Small sets of values, written as rows, for tests of scoring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from keepwell.definitions import Project, parse_project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.score import score_values
from keepwell.engine.scores import CardScores, EntityScores, Scores
from keepwell.engine.values import ENTRIES, OVERRIDES, PINS, EntityValues, Values

AS_OF = date(2026, 10, 31)
KNOWN_AT = datetime(2026, 11, 1, tzinfo=UTC)
TRAFFIC_LIGHT = {
    "bands": [{"label": "red", "up_to": 50}, {"label": "yellow", "up_to": 75}, {"label": "green", "up_to": 100}]
}

Row = Mapping[str, Any]


def project_of(
    scorecards: Mapping[str, Any], metrics: Mapping[str, Any] | None = None, **kinds: Mapping[str, Any]
) -> Project:
    """A project whose metrics are attributes of their own name unless said otherwise."""
    accounts = {"role": "accounts", "file": "accounts.csv", "key": "id", "parent": "parent"}
    units = {"role": "relationships", "file": "units.csv", "key": "id", "account": "account"}
    schemes = {"traffic_light": TRAFFIC_LIGHT, **kinds.pop("schemes", {})}
    datasets = {"accounts": accounts, "units": units, **kinds.pop("datasets", {})}
    data = {"schemes": schemes, "datasets": datasets, "metrics": dict(metrics or {}), "scorecards": dict(scorecards)}
    return parse_project({**data, **kinds})


def card_of(measures: Mapping[str, Any] | Sequence[str], **more: Any) -> dict[str, Any]:
    """A card of one group; a measure without a score takes its value as the score."""
    given = measures if isinstance(measures, Mapping) else {name: {} for name in measures}
    complete = {name: {"weight": 1, **_scored(measure)} for name, measure in given.items()}
    return {"scheme": "traffic_light", "groups": {"all": {"weight": 1, "measures": complete}}, **more}


def attributes_as_metrics(*names: str) -> dict[str, Any]:
    return {name: {"attribute": name} for name in names}


def entities_of(
    rows: Iterable[Row],
    kind: EntityKind = "account",
    *,
    metrics: Iterable[str] = (),
    entries: Iterable[Row] = (),
    overrides: Iterable[Row] = (),
    pins: Iterable[Row] = (),
    **more: Any,
) -> EntityValues:
    """`rows` hold `id`, perhaps `parent` or `account`, and values.

    Values named in `metrics` are metrics, others attributes. Ledger rows name the entity by its id.
    """
    given = sorted(rows, key=lambda row: row["id"])
    ids = [row["id"] for row in given]
    wanted = set(metrics)
    columns = sorted({name for row in given for name in row} - {"id", "parent", "account"})
    table = {name: _column([row.get(name) for row in given]) for name in columns}
    return EntityValues(
        entity_kind=kind,
        ids=pa.array(ids, pa.string()),
        accounts=pa.array([row.get("account", row["id"]) for row in given], pa.string()),
        parents=pa.array([row.get("parent") for row in given], pa.string()),
        attributes=_table({name: column for name, column in table.items() if name not in wanted}, len(ids)),
        metrics=_table({name: column for name, column in table.items() if name in wanted}, len(ids)),
        entries=_ledger(entries, ids, ENTRIES),
        overrides=_ledger(overrides, ids, OVERRIDES),
        pins=_ledger(pins, ids, PINS),
        **more,
    )


def entry(entity: str, measure: str, score: float | None, day: date, **more: Any) -> Row:
    at = datetime(day.year, day.month, day.day, 12)
    row = {"entity": entity, "measure": measure, "source": "manual", "score": score, "occurred_on": day}
    return {**row, "occurred_at": at, "recorded_at": at, "expired": False, **more}


def values_of(accounts: EntityValues, relationships: EntityValues | None = None, as_of: date = AS_OF) -> Values:
    return Values(as_of, KNOWN_AT, accounts, relationships)


def scored(project: Project, accounts: EntityValues, relationships: EntityValues | None = None) -> Scores:
    return score_values(project, values_of(accounts, relationships))


def only_card(scores: Scores | EntityScores) -> CardScores:
    entities = scores.accounts if isinstance(scores, Scores) else scores
    (card,) = entities.cards.values()
    return card


def _scored(measure: Mapping[str, Any]) -> dict[str, Any]:
    if "score" in measure or measure.get("manual"):
        return dict(measure)
    return {"score": {"linear": [[0, 0], [100, 100]]}, **measure}


def _column(values: list[Any]) -> pa.Array:
    numeric = all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values)
    return pa.array(values, pa.float64() if numeric else None)


def _table(columns: dict[str, pa.Array], rows: int) -> pa.Table:
    return pa.table(columns) if columns else pa.table({"": pa.nulls(rows)}).select([])


def _ledger(rows: Iterable[Row], ids: list[str], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([{**row, "entity": ids.index(row["entity"])} for row in rows], schema)
