"""Each account that a run considered, with why it matched or not, for those that somebody sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.customers.queries import visible
from keepwell.apps.rules.deciding.details import considered
from keepwell.apps.rules.models import RuleRun
from keepwell.apps.rules.queries import names_of, project_of_run
from keepwell.definitions.project import Project
from keepwell.engine.rules.reasons import Reason, reasons
from keepwell.errors import KeepwellError

PAGE = 25


@dataclass(frozen=True)
class Looked:
    """An account with the parts of the condition and what they saw. `fired`: the run acts for it, unless `held_out`."""

    account_id: str
    name: str
    matches: bool
    fired: bool
    held_out: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Considered:
    """A page of accounts that the actor sees. `count`: all that fit the search; `why_none`: why nothing can be said."""

    rows: tuple[Looked, ...] = ()
    count: int = 0
    next: int | None = None
    why_none: str = ""


def considered_in(actor: Actor, run: RuleRun, *, q: str = "", only: str = "", start: int = 0) -> Considered:
    """Those that match first, then by id. `only`: matching, or not."""
    table = considered(run.details, run.rule)
    if table is None:
        return Considered(why_none="What was looked at is kept for 60 days, and is gone.")
    rows = _rows(table, _sought(actor, q), only)
    return Considered(
        rows=tuple(_looked(actor, run, table, rows[start : start + PAGE])),
        count=len(rows),
        next=start + PAGE if len(rows) > start + PAGE else None,
    )


def _sought(actor: Actor, q: str) -> list[str] | None:
    """Ids of the accounts that somebody sees and that fit what was typed; None for all there are."""
    if not q and (actor.user is None or actor.user.reach == Reach.ALL):
        return None
    found = visible(actor)
    return list((found.filter(name__icontains=q) | found.filter(pk=q) if q else found).values_list("pk", flat=True))


def _rows(table: pa.Table, sought: Sequence[str] | None, only: str) -> list[int]:
    """Places in the table, in the order in which they are shown."""
    matching = table["matches"].to_numpy()
    shown = np.ones(table.num_rows, dtype=np.bool_)
    if sought is not None:
        ids = table["account_id"].combine_chunks()
        shown = pc.is_in(ids, value_set=pa.array(sought, pa.string())).to_numpy(zero_copy_only=False)
    if only:
        shown = shown & (matching if only == "matching" else ~matching)
    places = np.flatnonzero(shown)
    return [int(one) for one in places[np.argsort(~matching[places], kind="stable")]]


def _looked(actor: Actor, run: RuleRun, table: pa.Table, rows: Sequence[int]) -> list[Looked]:
    project = project_of_run(run)
    why = why_of(project, run.rule, table, rows, run.as_of) if project else [()] * len(rows)
    there = table.select(["account_id", "matches"]).take(pa.array(rows, pa.int64())).to_pylist()
    ids = [one["account_id"] for one in there]
    names = names_of(actor, ids)
    firings = run.treatments.filter(account__in=ids).values_list("account_id", "is_held_out")
    fired = dict(firings)
    return [
        Looked(one["account_id"], names.get(one["account_id"], one["account_id"]), one["matches"],
               one["account_id"] in fired, fired.get(one["account_id"], False), reason)
        for one, reason in zip(there, why, strict=True)
    ]  # fmt: skip


def why_of(project: Project, name: str, table: pa.Table, rows: Sequence[int], as_of: Any) -> list[tuple[Reason, ...]]:
    """The parts of a rule's condition for some rows; empty where they can no longer be told."""
    try:
        return reasons(project, [project.rules[name].when], table, as_of, rows)
    except KeepwellError:
        return [()] * len(rows)
