"""The datasets that scores rest on."""

from __future__ import annotations

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project

_WHO = ("accounts", "relationships")
_BY_HAND = ("entries", "overrides", "pins")  # what people enter is counted when they enter it


def scored_datasets(project: Project) -> frozenset[str]:
    """Those that say who is scored, those that metrics read, and those that these take their accounts from."""
    found = {name for name, dataset in project.datasets.items() if dataset.role in _WHO}
    found |= {metric.dataset for metric in project.metrics.values() if isinstance(metric, AggregateMetric)}
    found |= {via.via for name in found if name in project.datasets and (via := project.datasets[name].via)}
    return frozenset(name for name in found if name in project.datasets and project.datasets[name].role not in _BY_HAND)
