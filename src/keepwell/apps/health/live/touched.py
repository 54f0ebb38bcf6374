"""For whom something came in."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.engine.facts import LOAD_ID
from keepwell.engine.refresh.refresh import Refreshed
from keepwell.engine.values import Values
from keepwell.lake.data import ProjectData


def accounts_touched(refreshed: Refreshed) -> set[str]:
    """The accounts that rows came in for, their relationships' included."""
    found: set[str] = set()
    for (_, kind), ids in refreshed.touched.items():
        found.update(_accounts_of(refreshed.values, ids) if kind == "relationship" else ids.to_pylist())
    return found


def accounts_since(project: Project, data: ProjectData, loads: Mapping[str, int | None], values: Values) -> set[str]:
    """The accounts that rows came in for after these loads of datasets: who has no state knows them by their load."""
    found: set[str] = set()
    for name, dataset in project.datasets.items():
        rows = data.table(name)
        column = dataset.account if isinstance(dataset.account, str) else dataset.relationship
        if LOAD_ID not in rows.columns or column is None or dataset.role != "facts":
            continue
        newer = rows.filter(rows[LOAD_ID] > (loads.get(name) or 0)).select(one=rows[column].cast("string"))
        ids = data.run(newer.filter(ibis._.one.notnull()).distinct())["one"].combine_chunks()
        found.update(ids.to_pylist() if isinstance(dataset.account, str) else _accounts_of(values, ids))
    return found


def newest_loads(project: Project, data: ProjectData) -> dict[str, int | None]:
    """The highest load of each dataset whose rows carry loads."""
    found: dict[str, int | None] = {}
    for name in project.datasets:
        rows = data.table(name)
        if LOAD_ID in rows.columns:
            found[name] = data.run(rows.aggregate(highest=rows[LOAD_ID].max()))["highest"][0].as_py()
    return found


def _accounts_of(values: Values, relationships: pa.Array) -> list[str]:
    units = values.relationships
    if units is None:
        return []
    found: list[str] = units.accounts.filter(pc.is_in(units.ids, value_set=relationships)).to_pylist()
    return found
