"""Rules over files: the dates that they look at, scored and put into tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.engine.explain.states import State
from keepwell.engine.facts import FactSource
from keepwell.engine.rules.deciding import Decision, decide
from keepwell.engine.rules.histories import tables_over
from keepwell.engine.rules.intents import Intent, intents
from keepwell.engine.rules.matching import matches
from keepwell.engine.rules.needs import Needs, needs_of
from keepwell.engine.rules.replaying import Replay, replay
from keepwell.engine.rules.snapshots import snapshot
from keepwell.engine.rules.starting import Start
from keepwell.engine.run import history, score
from keepwell.errors import RequestRefused


@dataclass(frozen=True)
class Planned:
    """What would be done. `waiting`: the rules that only an event, an answer or a move of stage sets in motion."""

    decision: Decision
    intents: Sequence[Intent]
    waiting: tuple[str, ...]


def rule_named(project: Project, name: str) -> str:
    """The name, if a rule has it. Raises RequestRefused otherwise."""
    if name not in project.rules:
        raise RequestRefused(unknown("rule", name, project.rules))
    return name


def planned(
    project: Project,
    source: FactSource,
    as_of: date,
    known_at: datetime | None,
    weeks: int,
    rules: Collection[str] | None,
) -> Planned:
    """As if the rules were switched on at `as_of`: what they look back at is looked at, and nothing was done before."""
    if not project.rules:
        raise RequestRefused("no rules are defined here; add a map 'rules' to a file, or name the folder that has one")
    chosen = [name for name, one in project.rules_in_order().items() if one.enabled] if rules is None else list(rules)
    waiting = tuple(name for name in chosen if project.rules[name].only_on_occasions and rules is None)
    chosen = [name for name in chosen if name not in waiting]
    needs = needs_of(project, chosen)
    dates = sorted(
        {as_of - timedelta(days=days) for days in needs.days_back} | _weeks(project, chosen, needs, as_of, weeks)
    )
    snapshots = _snapshots(project, source, dates, as_of, known_at, needs)
    start, state = Start("by_hand", rules=dict.fromkeys(chosen)), None
    for day, table in tables_over(snapshots, needs):
        decision = decide(project, matches(project, table, day, chosen), table, state, day, start, fire=day == as_of)
        state = decision.state
    return Planned(decision, intents(project, decision, table), waiting)


def _weeks(project: Project, rules: Collection[str], needs: Needs, as_of: date, weeks: int) -> set[date]:
    """The dates a week apart, where something asks how long it has been so."""
    persists = any(project.rules[name].persists.days or project.rules[name].persists.runs > 1 for name in rules)
    asked = needs.asks_bands or persists
    return {as_of - timedelta(weeks=number) for number in range(1, weeks + 1)} if asked else set()


def _snapshots(
    project: Project, source: FactSource, dates: list[date], as_of: date, known_at: datetime | None, needs: Needs
) -> Iterator[pa.Table]:
    for run in history(project, source, dates) if dates else ():
        yield snapshot(State(project, run.values, run.scores), needs.names | {"label"})
    run = score(project, source, as_of=as_of, known_at=known_at)
    yield snapshot(State(project, run.values, run.scores), needs.names | {"label"})


def replayed(project: Project, source: FactSource, rule: str, dates: list[date]) -> Replay:
    """A rule over dates, and what became of accounts where outcomes are known."""
    needs = needs_of(project, [rule])
    states = (State(project, run.values, run.scores) for run in history(project, source, _with_past(dates, needs)))
    tables = tables_over((snapshot(state, needs.names | {"label"}) for state in states), needs)
    churned, known_until = _churned(project, source)
    asked = ((day, table) for day, table in tables if day >= dates[0])
    return replay(project, rule, asked, churned=churned, known_until=known_until)


def _with_past(dates: list[date], needs: Needs) -> list[date]:
    """The dates, and those before the first that the first ones look back at."""
    longest = max(needs.days_back, default=0)
    step = dates[1] - dates[0] if len(dates) > 1 else timedelta(days=7)
    before = (dates[0] - step * number for number in range(1, longest // step.days + 2)) if longest else ()
    return sorted({*dates, *before})


def _churned(project: Project, source: FactSource) -> tuple[pa.Table | None, date | None]:
    if not project.all_with_role("outcomes"):
        return None, None
    from keepwell.learning.outcomes import read_outcomes

    outcomes = read_outcomes(project, source)
    if not outcomes.is_dated:
        return None, None
    lost = pa.array(outcomes.lost)
    days = pa.array(outcomes.decided_on.astype("datetime64[D]"), pa.date32())
    churned = pa.table({"account_id": outcomes.account.filter(lost), "churned_on": days.filter(lost)})
    return churned, outcomes.decided_on.max().astype("datetime64[D]").item()
