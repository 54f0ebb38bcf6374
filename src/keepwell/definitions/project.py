"""A project: all definitions of a folder, checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from keepwell.definitions.advocacy import AdvocacyActivity, AdvocacyCandidates
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.datasets import Dataset, Role
from keepwell.definitions.expressions import Expression
from keepwell.definitions.features import Feature
from keepwell.definitions.issues import Path, Place
from keepwell.definitions.lifecycle import Stage
from keepwell.definitions.metrics import MetricBase
from keepwell.definitions.playbooks import Playbook
from keepwell.definitions.rules import Rule
from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import EntityKind, Scorecard
from keepwell.definitions.settings import Settings
from keepwell.definitions.surveys import Survey
from keepwell.definitions.topics import Topic


@dataclass(frozen=True)
class Project:
    """All definitions of a folder, by kind and name. Immutable; equal content is equal."""

    settings: Settings = field(default_factory=Settings)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    metrics: Mapping[str, MetricBase] = field(default_factory=dict)
    segments: Mapping[str, Expression] = field(default_factory=dict)
    scorecards: Mapping[str, Scorecard] = field(default_factory=dict)
    features: Mapping[str, Feature] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    playbooks: Mapping[str, Playbook] = field(default_factory=dict)
    stages: Mapping[str, Stage] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    dashboards: Mapping[str, Dashboard] = field(default_factory=dict)
    advocacy_activities: Mapping[str, AdvocacyActivity] = field(default_factory=dict)
    advocacy_candidates: Mapping[str, AdvocacyCandidates] = field(default_factory=dict)
    places: Mapping[Path, Place] = field(default_factory=dict, compare=False, repr=False)

    def with_role(self, role: Role) -> tuple[str, Dataset] | None:
        """The dataset with a role that only one dataset may have, or None."""
        return next(((name, dataset) for name, dataset in self.datasets.items() if dataset.role == role), None)

    def all_with_role(self, role: Role) -> dict[str, Dataset]:
        """Every dataset of a role, by name."""
        return {name: dataset for name, dataset in self.datasets.items() if dataset.role == role}

    def cards_for(self, entity_kind: EntityKind) -> dict[str, Scorecard]:
        """The cards of accounts or of relationships, in the order in which they are tried."""
        cards = [(card.order or 0, name) for name, card in self.scorecards.items() if card.entity_kind == entity_kind]
        return {name: self.scorecards[name] for _, name in sorted(cards)}

    def features_in_order(self) -> dict[str, Feature]:
        """The features, in the order in which events are tried against them."""
        return dict(sorted(self.features.items(), key=lambda one: (one[1].order, one[0])))

    def rules_in_order(self) -> dict[str, Rule]:
        """The rules, in the order in which they act."""
        return dict(sorted(self.rules.items(), key=lambda one: (one[1].order, one[0])))

    def stages_in_order(self) -> dict[str, Stage]:
        """The stages, in the order in which accounts pass them."""
        return dict(sorted(self.stages.items(), key=lambda one: (one[1].order, one[0])))

    def surveys_in_order(self) -> dict[str, Survey]:
        """The surveys, in the order in which they choose whom to ask."""
        return dict(sorted(self.surveys.items(), key=lambda one: (one[1].order, one[0])))

    def dashboards_in_order(self) -> dict[str, Dashboard]:
        """The dashboards, in the order in which they are listed."""
        return dict(sorted(self.dashboards.items(), key=lambda one: (one[1].order, one[0])))

    def usage_datasets(self) -> dict[str, Dataset]:
        """The datasets that say who used what, by name."""
        return {name: dataset for name, dataset in self.datasets.items() if dataset.person is not None}

    def zone_of(self, dataset: str) -> str:
        """The time zone of times without an offset in this dataset."""
        return self.datasets[dataset].time_zone or self.settings.time_zone
