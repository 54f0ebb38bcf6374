"""Columns of the accounts that a drafted rule names and no run has read yet: they are read from the facts at once."""

from __future__ import annotations

from datetime import UTC

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.health.models import Run
from keepwell.apps.health.place import opened
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import KNOWN
from keepwell.engine.columns import one_array
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.population import ID, population
from keepwell.engine.moments import moment
from keepwell.engine.rules.needs import Needs


def with_attributes(project: Project, run: Run, table: pa.Table, needs: Needs) -> pa.Table:
    """The table with attributes that are asked for and not in it, as they were known at the run."""
    wanted = {name for name in needs.names if "." not in name} - {*table.column_names, *project.metrics, *KNOWN}
    found = project.with_role("accounts")
    if not wanted or found is None:
        return table
    with opened(project) as data:
        there = frozenset(wanted) & frozenset(data.table(found[0]).columns)
        if not there:
            return table
        known = run.known_at.astimezone(UTC) if run.known_at else None
        grid = Grid((moment(run.as_of, project.settings.time_zone, known),))
        reader = FactReader(project, data.table, data.dialect)
        rows = data.run(population(reader, found[0], grid, attributes=there))
    places = pc.index_in(one_array(table["account_id"]), value_set=one_array(rows[ID]))
    for name in sorted(there):
        table = table.append_column(name, one_array(rows[name]).take(places))
    return table
