"""What was decided becomes runs, effects and treatments, in the transaction of the decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.health.arriving import facts_came
from keepwell.apps.rules.ledgers import TREATMENTS
from keepwell.apps.rules.models import Effect, EffectStatus, RuleRun, RunStatus, Treatment
from keepwell.apps.rules.operations import do_after_commit
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.engine.rules.deciding import Count, Decision
from keepwell.engine.rules.intents import Intent, intents


@dataclass(frozen=True)
class Cause:
    """Why it was decided. `key` names the cause, so that no rule is decided twice for it; `words` say it on pages."""

    key: str
    words: str
    now: datetime
    always: bool = False  # a run is written though nothing follows, so that everybody sees who was considered


def write(project: Project, decision: Decision, table: pa.Table, cause: Cause, details: str) -> list[RuleRun]:
    """A run for each rule of which something follows; their effects are done by a worker, or wait for approval."""
    versions = Versions(project)
    by_rule = {
        name: list(some) for name, some in groupby(intents(project, decision, table, versions), lambda one: one.rule)
    }
    named = set(by_rule) | set(pc.unique(decision.firings["rule"]).to_pylist())
    names = [name for name in project.rules_in_order() if name in named or (cause.always and name in decision.counts)]
    runs = []
    for name in names:
        run = _run(name, versions.of("rules", name), decision, cause, details)
        _treat(run, decision.firings.filter(pc.equal(decision.firings["rule"], name)))
        _act(project, run, by_rule.get(name, ()))
        runs.append(run)
    return runs


def _run(name: str, version: str, decision: Decision, cause: Cause, details: str) -> RuleRun:
    count = decision.counts.get(name, Count())
    return RuleRun.objects.create(
        rule=name, version=version, cause=cause.key, trigger=cause.words, as_of=decision.as_of, decided_at=cause.now,
        considered=count.considered, matching=count.matching, fired=count.fired, held_out=count.held_out,
        details=details,
    )  # fmt: skip


def _act(project: Project, run: RuleRun, intended: Sequence[Intent]) -> None:
    """The effects. With more than the rule does by itself they are proposed; without any, the run is done."""
    limit = project.rules[run.rule].approval_above
    waits = limit is not None and sum(not one.held_out for one in intended) > limit
    Effect.objects.bulk_create(_effects(run, intended, waits), batch_size=1000)
    if waits:
        run.status = RunStatus.WAITING
    elif all(one.held_out for one in intended):
        run.status, run.ended_at = RunStatus.DONE, run.decided_at
    else:
        do_after_commit(run.pk)
    run.save(update_fields=["status", "ended_at"])


def _effects(run: RuleRun, intended: Sequence[Intent], waits: bool) -> Iterator[Effect]:
    status = EffectStatus.PROPOSED if waits else EffectStatus.WAITING
    for one in intended:
        yield Effect(
            key=one.key, run=run, rule=one.rule, account_id=one.account_id, occurrence=one.occurrence, place=one.place,
            part=one.part, kind=one.kind, parameters=dict(one.parameters), reason=[_plain(why) for why in one.reason],
            goes_on=one.goes_on, status=EffectStatus.HELD_OUT if one.held_out else status,
        )  # fmt: skip


def _plain(reason: object) -> Mapping[str, object]:
    return asdict(reason)  # type: ignore[call-overload]


def _treat(run: RuleRun, firings: pa.Table) -> None:
    """The ledger: who is treated from now on, and who is left alone to compare with."""
    fired = firings.filter(pc.equal(firings["part"], "actions")).to_pylist()
    Treatment.objects.bulk_create(
        (
            Treatment(
                by=f"rule:{run.rule}", version=run.version, account_id=one["account_id"], run=run,
                occurrence=str(one["occurrence"]), is_held_out=one["held_out"], occurred_at=run.decided_at,
                reason="held out at random" if one["held_out"] else "the rule fired",
            )
            for one in fired
        ),
        batch_size=1000,
    )  # fmt: skip
    facts_came([one["account_id"] for one in fired], ledger=TREATMENTS)
