"""How accounts stand with drafted stages now: how many are there, and how many meet what lets them in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.health.models import Run
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.standing.drafted import with_attributes
from keepwell.apps.rules.standing.table import of_run
from keepwell.definitions.expressions import Expression
from keepwell.definitions.lifecycle import Stage
from keepwell.definitions.project import Project
from keepwell.engine.rules.matching import truths_of
from keepwell.engine.rules.needs import needs_of
from keepwell.engine.rules.rewriting import without_past
from keepwell.errors import KeepwellError


@dataclass(frozen=True)
class Standing:
    """`there`: accounts in the stage. `enter`, `exit`: how many of all meet these, `leave`: of those that are there;
    `reached`: of those, who meets a milestone now. None where nothing is asked."""

    name: str
    title: str
    there: int
    enter: int | None
    exit: int | None
    leave: int | None
    reached: Mapping[str, int]


@dataclass(frozen=True)
class Standings:
    """Counts are of everybody. `nowhere`: accounts in none of these stages. `refused`: why there is none."""

    as_of: date | None = None
    accounts: int = 0
    nowhere: int = 0
    stages: Mapping[str, Standing] = field(default_factory=dict)
    refused: str = ""


def standings(project: Project) -> Standings:
    """As the last run left accounts."""
    run = latest_run()
    if run is None:
        return Standings(refused="nothing was scored yet: start a run first")
    try:
        return _counted(project, run)
    except KeepwellError as refused:
        return Standings(run.as_of, refused=str(refused))


def _counted(project: Project, run: Run) -> Standings:
    needs = needs_of(project)
    table = with_attributes(project, run, of_run(run, needs), needs)
    stages = project.stages_in_order()
    truths = truths_of(project, table, run.as_of, _asked(stages))
    at = _column(table)
    there = {name: pc.fill_null(pc.equal(at, name), False).to_numpy(zero_copy_only=False) for name in stages}
    nowhere = table.num_rows - int(sum(mask.sum() for mask in there.values()))
    found = {name: _standing(name, one, there[name], truths) for name, one in stages.items()}
    return Standings(run.as_of, table.num_rows, nowhere, found)


def _asked(stages: Mapping[str, Stage]) -> dict[tuple[str, str], Expression]:
    found: dict[tuple[str, str], Expression] = {}
    for name, stage in stages.items():
        asked = {"enter": stage.enter, "exit": stage.exit} | {
            f"{_REACHED}{key}": one.reached for key, one in stage.milestones.items()
        }
        found |= {(name, where): without_past(one) for where, one in asked.items() if one is not None}
    return found


_REACHED = "reached "


def _standing(name: str, stage: Stage, there: np.ndarray, truths: Mapping[tuple[str, str], np.ndarray]) -> Standing:
    enter, leave = truths.get((name, "enter")), truths.get((name, "exit"))
    return Standing(
        name=name,
        title=stage.title or name.replace("_", " ").capitalize(),
        there=int(there.sum()),
        enter=None if enter is None else int(enter.sum()),
        exit=None if leave is None else int(leave.sum()),
        leave=None if leave is None else int((leave & there).sum()),
        reached={key: int((truths[name, f"{_REACHED}{key}"] & there).sum()) for key in stage.milestones},
    )


def _column(table: pa.Table) -> pa.ChunkedArray:
    return (
        table["stage"] if "stage" in table.column_names else pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    )
