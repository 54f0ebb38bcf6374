"""What rules would do now, in force or in a draft: whom they match, and the effects of a run. Nothing is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from keepwell.apps.access.actors import Actor
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.considered import why_of
from keepwell.apps.rules.deciding.carrying import decision_of
from keepwell.apps.rules.queries import first_seen
from keepwell.apps.rules.standing.drafted import with_attributes
from keepwell.apps.rules.standing.table import of_run
from keepwell.definitions.project import Project
from keepwell.engine.rules.deciding import Count
from keepwell.engine.rules.intents import Intent, intents
from keepwell.engine.rules.matching import matches
from keepwell.engine.rules.needs import Needs, needs_of
from keepwell.engine.rules.planning import Plan, plan
from keepwell.engine.rules.reasons import Reason
from keepwell.engine.rules.starting import Start
from keepwell.errors import KeepwellError

SAMPLE = 8


@dataclass(frozen=True)
class Matched:
    """An account with what the condition saw."""

    account_id: str
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Tried:
    """Counts of everybody; `sample`: of the accounts that the actor sees, by revenue. `refused`: why there is none."""

    as_of: date | None = None
    accounts: int = 0
    considered: int = 0
    matching: int = 0
    ends: int | None = None
    sample: tuple[Matched, ...] = ()
    refused: str = ""


def tried(actor: Actor, project: Project, name: str) -> Tried:
    """Whom a rule matches as the last run left them, whatever it did before."""
    run = latest_run()
    if run is None:
        return Tried(refused="nothing was scored yet: start a run first")
    try:
        needs = needs_of(project, [name])
        table = with_attributes(project, run, of_run(run, needs), needs)
        found = matches(project, table, run.as_of, [name])
    except KeepwellError as refused:
        return Tried(run.as_of, refused=str(refused))
    if name in found.refused:
        return Tried(run.as_of, table.num_rows, refused=_never_read(project, needs, table) or found.refused[name])
    return Tried(
        as_of=run.as_of,
        accounts=table.num_rows,
        considered=int(found.scope[name].sum()),
        matching=int(found.when[name].sum()),
        ends=int(found.until[name].sum()) if name in found.until else None,
        sample=tuple(_sample(actor, project, name, table, np.flatnonzero(found.when[name]).tolist(), run.as_of)),
    )


def _never_read(project: Project, needs: Needs, table: pa.Table) -> str:
    """Why nothing is known yet of a metric of a draft, in words; nothing where every metric was read."""
    new = sorted(one for one in needs.names if one in project.metrics and one not in table.column_names)
    if not new:
        return ""
    these, it = ("metrics", "them") if len(new) > 1 else ("metric", "it")
    return (
        f"no run has read the {these} {', '.join(new)} yet: publish the draft, and whom the rule matches is known "
        f"after the next run; before that, the preview of a scorecard that uses {it} shows values"
    )


def _sample(
    actor: Actor, project: Project, name: str, table: pa.Table, rows: Sequence[int], as_of: date
) -> list[Matched]:
    ids = table["account_id"].take(pa.array(rows, pa.int64())).to_pylist()
    seen = first_seen(actor, ids, SAMPLE)
    place = {account: row for account, row in zip(ids, rows, strict=True) if account in seen}
    why = why_of(project, name, table, [place[account] for account in seen], as_of)
    return [Matched(account, seen[account], one) for account, one in zip(seen, why, strict=True)]


@dataclass(frozen=True)
class Planned:
    """What a run of rules would do. `sample`: of the accounts that the actor sees, with their names."""

    as_of: date | None = None
    plan: Plan | None = None
    counts: dict[str, Count] = field(default_factory=dict)
    sample: tuple[tuple[str, Intent], ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    why_none: str = ""


def planned(actor: Actor, project: Project, names: Collection[str], *, most: int = 40) -> Planned:
    """The effects of these rules for all accounts, from where accounts stand with them now."""
    run = latest_run()
    if run is None:
        return Planned(why_none="nothing was scored yet: start a run first")
    start = Start("by_hand", rules=dict.fromkeys(names))
    try:
        needs = needs_of(project, names)
        table = with_attributes(project, run, of_run(run, needs), needs)
        found = matches(project, table, run.as_of, names)
        decision = decision_of(project, found, table, start, None)
        listed = intents(project, decision, table)
    except KeepwellError as refused:
        return Planned(run.as_of, why_none=str(refused))
    ids = list(dict.fromkeys(one.account_id for one in listed))
    seen = first_seen(actor, ids, most)
    place = {account: at for at, account in enumerate(seen)}
    shown = sorted((one for one in listed if one.account_id in seen), key=lambda one: place[one.account_id])[:most]
    return Planned(
        as_of=run.as_of,
        plan=plan(project, listed),
        counts=dict(decision.counts),
        sample=tuple((seen[one.account_id], one) for one in shown),
        refused={one: _never_read(project, needs_of(project, [one]), table) or why
                 for one, why in decision.refused.items()},
    )  # fmt: skip
