"""From facts to values: the whole story of one or many dates, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keepwell.definitions.entities import metrics_for
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aggregating import Aggregates, FullAggregates
from keepwell.engine.building.assembling import Assembler
from keepwell.engine.building.collecting import Collector
from keepwell.engine.building.needs import Needs, needs_of
from keepwell.engine.facts import FactSource
from keepwell.engine.moments import Moment
from keepwell.engine.values import Values


def build_values(project: Project, source: FactSource, moments: Iterable[Moment]) -> list[Values]:
    """Values of all entities at each moment, in the order of `moments`.

    `project` must have been bound to the source's columns (`keepwell.engine.binding`). Aggregates of all moments are
    read together; an earlier date that a change needs is read with the `known_at` of the date it is needed for.
    Raises DataRefused where keys are not unique or the backend refuses a query.
    """
    return build_with(project, source, moments, FullAggregates(project, source))


def build_with(
    project: Project,
    source: FactSource,
    moments: Iterable[Moment],
    aggregates: Aggregates,
    collector: type[Collector] = Collector,
) -> list[Values]:
    """`build_values` with aggregates that may be come by in another way; everything else is the same."""
    asked = list(moments)
    kinds = _kinds(project)
    needs = needs_of(project, frozenset().union(*kinds.values()))
    collected = collector(project, source, aggregates).collect(_by_moment(asked, needs), kinds)
    return Assembler(project, collected, kinds, needs).values(asked)


def _kinds(project: Project) -> Mapping[EntityKind, frozenset[str]]:
    kinds: dict[EntityKind, frozenset[str]] = {"account": metrics_for(project, "account")}
    if project.with_role("relationships"):
        kinds["relationship"] = metrics_for(project, "relationship")
    return kinds


def _by_moment(asked: Iterable[Moment], needs: Needs) -> dict[Moment, frozenset[str]]:
    wanted: dict[Moment, frozenset[str]] = {}
    for moment in asked:
        for days, names in needs.items():
            earlier = moment.before(days)
            wanted[earlier] = wanted.get(earlier, frozenset()) | names
    return wanted
