"""Runs a case of the metric plan on a backend, and compares its values with DuckDB's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from keepwell.definitions import Project, load_project
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.moments import moment
from keepwell.engine.values import EntityValues, Values
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.warehouse import DuckDBWarehouse, Warehouse
from tests.backends.tables import Tables, load
from tests.engine.building.places import opened

ACCOUNTS = "account_id\nA\nB\n"


@dataclass(frozen=True)
class MetricCase:
    """Definitions over CSV texts, and the dates at which all values are compared.

    `types` are columns (`dataset.column`) that the tables hold in a type that no CSV file has.
    """

    name: str
    definitions: str
    files: Mapping[str, str]
    dates: tuple[str, ...]
    known_at: str | None = None
    zone: str = "UTC"
    types: Mapping[str, pa.DataType] = field(default_factory=dict)


def tables_of(case: MetricCase) -> Tables:
    """The rows of a case with the types that raw files are read with, but for those that the case names."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "keepwell.yaml").write_text(f"time_zone: {case.zone}\n")
        with opened(Path(folder), case.definitions, {"accounts": ACCOUNTS, **case.files}) as data:
            return {name: _typed(case, name, data.run(data.table(name))) for name in data.project.datasets}


def _typed(case: MetricCase, dataset: str, table: pa.Table) -> pa.Table:
    kinds = [(one.name, case.types.get(f"{dataset}.{one.name}", one.type)) for one in table.schema]
    return table.cast(pa.schema(kinds))


def over_tables(project: Project, schema: str) -> Project:
    """The project with tables of `schema`, named as its datasets, in place of files."""
    datasets = {
        name: dataset.model_copy(update={"file": None, "table": f"{schema}.{name}", "types": {}})
        for name, dataset in project.datasets.items()
    }
    return replace(project, datasets=datasets)


def project_of(case: MetricCase) -> Project:
    with TemporaryDirectory() as folder:
        (Path(folder) / "keepwell.yaml").write_text(f"time_zone: {case.zone}\n")
        (Path(folder) / "model.yaml").write_text(case.definitions, encoding="utf-8")
        return load_project(folder)


def data_of(case: MetricCase, warehouse: Warehouse) -> ProjectData:
    """The case on a backend that has been loaded with it."""
    return open_data(over_tables(project_of(case), case.name), "", warehouse=warehouse)


def values_on(case: MetricCase, data: ProjectData) -> list[Values]:
    bind(data.project, data)
    known = datetime.fromisoformat(case.known_at) if case.known_at else None
    return build_values(data.project, data, [moment(date.fromisoformat(day), case.zone, known) for day in case.dates])


def in_process(case: MetricCase, tables: Tables) -> list[Values]:
    """What DuckDB says, from the same tables."""
    with DuckDBWarehouse(threads=1) as warehouse:
        load(warehouse, case.name, tables)
        return values_on(case, data_of(case, warehouse))


def differences(found: Values, expected: Values) -> list[str]:
    """Every difference in a sentence; floats may differ by 1e-12 of themselves."""
    kinds = [(found.accounts, expected.accounts)]
    if expected.relationships is not None and found.relationships is not None:
        kinds.append((found.relationships, expected.relationships))
    wrong = [sentence for pair in kinds for sentence in _of_entities(*pair)]
    if (found.relationships is None) != (expected.relationships is None):
        wrong.append("relationships are there on one side only")
    if found.warnings != expected.warnings:
        wrong.append(f"warnings: {found.warnings} instead of {expected.warnings}")
    if found.load_ids != expected.load_ids:
        wrong.append(f"load ids: {found.load_ids} instead of {expected.load_ids}")
    return [f"{expected.as_of}: {sentence}" for sentence in wrong]


def _of_entities(found: EntityValues, expected: EntityValues) -> list[str]:
    parts = {name: (getattr(found, name), getattr(expected, name)) for name in ("ids", "accounts", "parents")}
    for name in ("attributes", "metrics", "entries", "overrides", "pins"):
        left, right = getattr(found, name), getattr(expected, name)
        if left.schema != right.schema:
            return [f"{expected.entity_kind} {name}: {left.schema} instead of {right.schema}"]
        parts |= {f"{name}.{column}": (left[column], right[column]) for column in right.column_names}
    for name in ("observed", "previous", "silent"):
        left, right = getattr(found, name), getattr(expected, name)
        if left.keys() != right.keys():
            return [f"{expected.entity_kind} {name}: {sorted(left)} instead of {sorted(right)}"]
        parts |= {f"{name}.{column}": (left[column], right[column]) for column in right}
    return [
        f"{expected.entity_kind} {part}: {listed(left)} instead of {listed(right)}"
        for part, (left, right) in parts.items()
        if not same_list(listed(left), listed(right))
    ]


def listed(values: Any) -> list[Any]:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return list(values.to_pylist())
    return [values] if isinstance(values, date) else list(values.astype(str))


def same_list(left: list[Any], right: list[Any]) -> bool:
    return len(left) == len(right) and all(map(_same, left, right))


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-12)
    return type(left) is type(right) and bool(left == right)
