"""Accounts come to other stages by the criteria of stages, as a person could have moved them."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from keepwell.apps.access.actors import NotVisible, System
from keepwell.apps.customers.operations.accounts import set_stage
from keepwell.definitions.project import Project
from keepwell.engine.rules.stages import moves

ACTOR = System("stage criteria", origin="rule")


def move(project: Project, table: pa.Table, as_of: date) -> int:
    """How many accounts moved. The table has the column `stage`; doing it again moves nobody twice."""
    if not project.stages or "stage" not in table.column_names:
        return 0
    moved = moves(project, table, as_of).to_pylist()
    return sum(_moved(one["account_id"], one["to_stage"], project) for one in moved)


def _moved(account_id: str, stage: str, project: Project) -> bool:
    title = project.stages[stage].title or stage
    try:
        set_stage(actor=ACTOR, account_id=account_id, stage=stage, reason=f"the criteria of {title} are met")
    except NotVisible:  # merged or left meanwhile
        return False
    return True
