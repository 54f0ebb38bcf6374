"""Which metrics belong to accounts and which to relationships."""

from __future__ import annotations

from collections.abc import Iterable

from keepwell.definitions.dependencies import Node, joint_closure, references
from keepwell.definitions.metrics import ChildrenMetric
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind


def metrics_for(project: Project, entity_kind: EntityKind) -> frozenset[str]:
    """Metrics to compute for accounts: all but those that only relationships use; for relationships: those they use."""
    of_relationships = _used_by_relationships(project)
    if entity_kind == "relationship":
        return of_relationships
    used = _reached(project, [("scorecards", name) for name in project.cards_for("account")])
    used |= _reached(project, [("segments", name) for name in project.segments])
    used |= _reached(project, [("metrics", name) for name in project.metrics.keys() - of_relationships])
    return used


def metrics_of_card(project: Project, name: str) -> frozenset[str]:
    """Metrics that a card's scores rest on."""
    return _reached(project, [("scorecards", name)])


def _used_by_relationships(project: Project) -> frozenset[str]:
    used = _reached(project, [("scorecards", name) for name in project.cards_for("relationship")])
    for metric in project.metrics.values():
        if isinstance(metric, ChildrenMetric) and metric.of == "relationships":
            inputs = {name for name in (metric.children, metric.weight) if name in project.metrics}
            used |= _reached(project, [("metrics", str(name)) for name in inputs])
    return used


def _reached(project: Project, nodes: Iterable[Node]) -> frozenset[str]:
    """Metrics reached from `nodes` for the same entity: the inputs of children metrics belong to the children."""

    def same_entity(node: Node) -> Iterable[Node]:
        metric = project.metrics.get(node[1]) if node[0] == "metrics" else None
        return () if isinstance(metric, ChildrenMetric) and metric.of == "relationships" else references(project, node)

    return frozenset(name for kind, name in joint_closure(nodes, same_entity) if kind == "metrics")
