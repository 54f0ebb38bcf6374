"""The registry of kinds: which top-level maps a file of definitions may have, and the model behind each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from keepwell.definitions.advocacy import AdvocacyActivity, AdvocacyCandidates
from keepwell.definitions.base import ExpressionField
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.datasets import Dataset
from keepwell.definitions.features import Feature
from keepwell.definitions.lifecycle import Stage
from keepwell.definitions.metrics import Metric
from keepwell.definitions.playbooks import Playbook
from keepwell.definitions.rules import Rule
from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import Scorecard
from keepwell.definitions.surveys import Survey
from keepwell.definitions.topics import Topic


@dataclass(frozen=True)
class Kind:
    """One kind of definition: `plural` is the top-level key, `singular` what messages call one of them."""

    plural: str
    singular: str
    model: Any

    @property
    def adapter(self) -> TypeAdapter[Any]:
        return _ADAPTERS[self.plural]


KINDS: dict[str, Kind] = {
    kind.plural: kind
    for kind in (
        Kind("schemes", "scheme", Scheme),
        Kind("datasets", "dataset", Dataset),
        Kind("metrics", "metric", Metric),
        Kind("segments", "segment", ExpressionField),
        Kind("scorecards", "scorecard", Scorecard),
        Kind("features", "feature", Feature),
        Kind("rules", "rule", Rule),
        Kind("playbooks", "playbook", Playbook),
        Kind("stages", "stage", Stage),
        Kind("surveys", "survey", Survey),
        Kind("topics", "topic", Topic),
        Kind("dashboards", "dashboard", Dashboard),
        Kind("advocacy_activities", "advocacy activity", AdvocacyActivity),
        Kind("advocacy_candidates", "rule for candidates", AdvocacyCandidates),
    )
}
_ADAPTERS = {plural: TypeAdapter(kind.model) for plural, kind in KINDS.items()}
