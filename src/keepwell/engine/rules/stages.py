"""Lifecycle stages: where criteria move accounts, and which milestones are reached or overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.expressions import Expression
from keepwell.definitions.lifecycle import Stage
from keepwell.definitions.project import Project
from keepwell.engine.columns import one_array
from keepwell.engine.rules.matching import truths_of
from keepwell.engine.rules.program import Mask
from keepwell.engine.rules.rewriting import without_past

MILESTONES = pa.schema(
    [
        ("account_id", pa.string()),
        ("stage", pa.string()),
        ("milestone", pa.string()),
        ("due_on", pa.date32()),
        ("reached", pa.bool_()),  # now, or before as `reached_before` says
        ("days_overdue", pa.float64()),  # 0 where it is reached or not yet due
    ]
)
"""A row an account and milestone of the stage it is in."""


def moves(project: Project, table: pa.Table, as_of: date) -> pa.Table:
    """The accounts that criteria move: `account_id, row, from_stage, to_stage`, in the order of the table.

    An account without a stage comes to the first whose `enter` is true. One in a stage leaves it where its `exit` is
    true, for the next later stage whose `enter` is true, else the nearest earlier one, else it stays; a stage without
    `exit` is left as soon as the `enter` of a later one is true. One move at a time. `table` has the column `stage`.
    """
    stages = project.stages_in_order()
    names = list(stages)
    criteria = _truths(project, table, as_of, stages)
    current = pc.index_in(one_array(table["stage"]), value_set=pa.array(names, pa.string()))
    at = current.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    known = (at >= 0) | one_array(table["stage"]).is_null().to_numpy(zero_copy_only=False)
    to = np.full(table.num_rows, -1)
    for place, name in enumerate(names):
        leaves = (at == place) & criteria.get((name, "exit"), np.ones(table.num_rows, dtype=np.bool_))
        may_go_back = stages[name].exit is not None
        to = np.where(leaves, _target(names, criteria, place, may_go_back, table.num_rows), to)
    first = _target(names, criteria, -1, False, table.num_rows)
    to = np.where((at < 0) & known, first, to)
    rows = np.flatnonzero(to >= 0)
    return pa.table(
        {
            "account_id": one_array(table["account_id"]).take(pa.array(rows)),
            "row": pa.array(rows),
            "from_stage": one_array(table["stage"]).take(pa.array(rows)),
            "to_stage": pa.array(names, pa.string()).take(pa.array(to[rows])),
        }
    )


def _truths(project: Project, table: pa.Table, as_of: date, stages: Mapping[str, Stage]) -> dict[tuple[str, str], Mask]:
    asked: dict[tuple[str, str], Expression] = {}
    for name, stage in stages.items():
        for where, one in (("enter", stage.enter), ("exit", stage.exit)):
            if one is not None:
                asked[name, where] = without_past(one)
    return truths_of(project, table, as_of, asked)


def _target(
    names: list[str], criteria: Mapping[tuple[str, str], Mask], place: int, may_go_back: bool, rows: int
) -> npt.NDArray[np.int64]:
    """For an account that leaves the stage at `place`: the stage it comes to, -1 for none."""
    later = range(place + 1, len(names))
    earlier = range(place - 1, -1, -1) if may_go_back else ()
    found = np.full(rows, -1)
    for candidate in (*later, *earlier):
        enters = criteria.get((names[candidate], "enter"))
        if enters is not None:
            found = np.where((found < 0) & enters, candidate, found)
    return found


def milestones(project: Project, table: pa.Table, as_of: date, reached_before: pa.Table | None = None) -> pa.Table:
    """Milestones of the stages that accounts are in: rows of MILESTONES.

    `table` has the columns `stage` and `stage_since`. `reached_before` (`account_id, stage, milestone`) are those that
    were reached at an earlier date: once reached stays reached. Without `stage_since` nothing is due.
    """
    stages = project.stages_in_order()
    asked = {
        (name, key): without_past(one.reached)
        for name, stage in stages.items()
        for key, one in stage.milestones.items()
    }
    truths = truths_of(project, table, as_of, asked)
    before = _keys(reached_before) if reached_before is not None else pa.array([], pa.string())
    since = one_array(table["stage_since"]).cast(pa.date32()).to_numpy(zero_copy_only=False).astype("datetime64[D]")
    in_stage = {name: pc.fill_null(pc.equal(table["stage"], name), False).to_numpy() for name in stages}
    found = [MILESTONES.empty_table()]
    for name, key in asked:
        rows = np.flatnonzero(in_stage[name])
        due = since[rows] + np.timedelta64(stages[name].milestones[key].due, "D")
        late = (np.datetime64(as_of) - due).astype("float64")
        ids = one_array(table["account_id"]).take(pa.array(rows))
        made = pa.table(
            {"account_id": ids, "stage": pa.repeat(name, len(rows)), "milestone": pa.repeat(key, len(rows))}
        )
        earlier = pc.is_in(_keys(made), value_set=before).to_numpy(zero_copy_only=False)
        reached = truths[name, key][rows] | earlier
        overdue = np.where(reached | np.isnat(due) | (late <= 0), 0.0, late)
        columns = [*made.columns, pa.array(due, pa.date32()), pa.array(reached), pa.array(overdue)]
        found.append(pa.table(columns, schema=MILESTONES))
    return pa.concat_tables(found).combine_chunks()


def _keys(rows: pa.Table) -> pa.Array:
    return one_array(pc.binary_join_element_wise(rows["account_id"], rows["stage"], rows["milestone"], "\x1f"))
