"""Each account that a run considered, with why it matched or not, for those that somebody sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.queries import visible
from keepwell.apps.rules.deciding.details import considered
from keepwell.apps.rules.models import RuleRun
from keepwell.apps.rules.queries import project_of_run
from keepwell.definitions.project import Project
from keepwell.engine.rules.reasons import Reason, reasons
from keepwell.errors import KeepwellError

PAGE = 25


@dataclass(frozen=True)
class Looked:
    """An account with the parts of the condition and what they saw. `fired`: the run acts for it."""

    account_id: str
    name: str
    matches: bool
    fired: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Considered:
    """A page of accounts that the actor sees. `count`: all that fit the search; `why_none`: why nothing can be said."""

    rows: tuple[Looked, ...] = ()
    count: int = 0
    next: int | None = None
    why_none: str = ""


def considered_in(actor: Actor, run: RuleRun, *, q: str = "", only: str = "", start: int = 0) -> Considered:
    """Those that match first, then by name. `only`: matching, or not."""
    table = considered(run.details, run.rule)
    if table is None:
        return Considered(why_none="What was looked at is kept for 60 days, and is gone.")
    found = visible(actor).order_by("name", "pk")
    names = dict(
        (found.filter(name__icontains=q) | found.filter(pk__iexact=q) if q else found).values_list("pk", "name")
    )
    rows = _rows(table, names, only)
    shown = rows[start : start + PAGE]
    return Considered(
        rows=tuple(_looked(run, table, shown, names)),
        count=len(rows),
        next=start + PAGE if len(rows) > start + PAGE else None,
    )


def _rows(table: pa.Table, names: Mapping[str, str], only: str) -> list[int]:
    """Places in the table, in the order in which they are shown."""
    ids = table["account_id"].combine_chunks()
    seen = pc.is_in(ids, value_set=pa.array(list(names), pa.string())).to_numpy(zero_copy_only=False)
    matching = table["matches"].to_numpy()
    if only:
        seen = seen & (matching if only == "matching" else ~matching)
    places = np.flatnonzero(seen)
    order = {account: at for at, account in enumerate(names)}
    by_name = np.array([order[one] for one in ids.take(pa.array(places)).to_pylist()], dtype=np.int64)
    return [int(one) for one in places[np.lexsort((by_name, ~matching[places]))]]


def _looked(run: RuleRun, table: pa.Table, rows: Sequence[int], names: Mapping[str, str]) -> list[Looked]:
    project = project_of_run(run)
    why = why_of(project, run.rule, table, rows, run.as_of) if project else [()] * len(rows)
    there = table.select(["account_id", "matches"]).take(pa.array(rows, pa.int64())).to_pylist()
    ids = [one["account_id"] for one in there]
    fired = set(run.effects.filter(account__in=ids, part="actions").values_list("account_id", flat=True))
    return [
        Looked(one["account_id"], names[one["account_id"]], one["matches"], one["account_id"] in fired, reason)
        for one, reason in zip(there, why, strict=True)
    ]


def why_of(project: Project, name: str, table: pa.Table, rows: Sequence[int], as_of: Any) -> list[tuple[Reason, ...]]:
    """The parts of a rule's condition for some rows; empty where they can no longer be told."""
    try:
        return reasons(project, [project.rules[name].when], table, as_of, rows)
    except KeepwellError:
        return [()] * len(rows)
