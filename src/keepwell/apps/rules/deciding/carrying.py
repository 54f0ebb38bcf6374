"""One decision from beginning to end: matches are found first, then state is read, decided and written together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.rules.deciding.details import write_details
from keepwell.apps.rules.deciding.states import read_state, write_state
from keepwell.apps.rules.deciding.stopping import note_refused
from keepwell.apps.rules.deciding.writing import Cause, write
from keepwell.apps.rules.models import RuleRun
from keepwell.definitions.project import Project
from keepwell.engine.rules.deciding import Decision, decide
from keepwell.engine.rules.matching import Matches, matches
from keepwell.engine.rules.starting import Start


def carry_out(
    project: Project, table: pa.Table, starts: Sequence[Start], cause: Cause, *, everybody: bool = False
) -> list[RuleRun]:
    """Decides over a table of `standing`, once for each start. `everybody`: the table is of the whole population.

    A cause that was decided before is left alone. Must not run inside a transaction that holds other locks.
    """
    as_of = pc.max(table["as_of"]).as_py()
    if as_of is None or not project.rules:
        return []
    found = matches(project, table, as_of)
    details = write_details(f"{as_of}-{uuid4().hex[:12]}", table, found) if cause.always else ""
    with transaction.atomic():
        hold(Lock.DECISIONS)
        note_refused([name for name, rule in project.rules.items() if rule.enabled], found.refused)
        return [
            run
            for start, because in zip(starts, _causes(cause, starts), strict=True)
            if not RuleRun.objects.filter(cause=because.key).exists()
            for run in _decided(project, found, table, start, because, details, everybody)
        ]


def _causes(cause: Cause, starts: Sequence[Start]) -> list[Cause]:
    return [replace(cause, key=f"{cause.key}:{start.kind}:{start.name or ''}"[:200]) for start in starts]


def _decided(
    project: Project, found: Matches, table: pa.Table, start: Start, cause: Cause, details: str, everybody: bool
) -> list[RuleRun]:
    accounts: Collection[str] | None = None if everybody else table["account_id"].to_pylist()
    decision = decision_of(project, found, table, start, accounts)
    write_state(decision.changed)
    return write(project, decision, table, cause, details)


def decision_of(
    project: Project, found: Matches, table: pa.Table, start: Start, accounts: Collection[str] | None
) -> Decision:
    """What follows from where accounts stand now; nothing is written."""
    return decide(project, found, table, read_state(list(found.when), accounts), pc.max(table["as_of"]).as_py(), start)
