"""A value of accounts as definitions: the dataset it reads, and two metrics, the value and how many answers it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from keepwell.apps.configuration.editing.entries import Entries
from keepwell.apps.configuration.projects import Files
from keepwell.apps.surveys.following import RESPONSES
from keepwell.apps.surveys.ledgers import DATASETS
from keepwell.definitions.project import Project
from keepwell.definitions.survey_questions import Scale
from keepwell.definitions.surveys import AccountValue, Survey
from keepwell.engine.surveys.facts import value_rule
from keepwell.errors import RequestRefused

METRICS, SETS = Entries("metrics", "survey_metrics.yaml", "metric"), Entries("datasets", "survey_data.yaml", "dataset")
VALID_DAYS = 180
_WORDS = {
    "nps": "NPS of the account's people, from -100 to 100", "mean": "Mean answer of the account's people",
    "top_share": "Good answers of the account's people, in percent", "latest": "The newest answer of the account",
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """`metrics`: by name, as they are written; the first is the value. `dataset`: of responses, by the name it has or
    is given. `measure`: how a scorecard would use it."""

    rule: AccountValue
    metrics: Mapping[str, Mapping[str, Any]]
    dataset: str
    needs_data: bool
    measure: Mapping[str, Any]

    @property
    def value(self) -> str:
        return next(iter(self.metrics))

    def text(self) -> str:
        """All of it as YAML."""
        data = DATASETS if self.needs_data else ""
        return data + _dumped({"metrics": {name: dict(one) for name, one in self.metrics.items()}})

    def measure_text(self) -> str:
        line = yaml.safe_dump(dict(self.measure), sort_keys=False, default_flow_style=True, width=1000)
        return f"{self.value}: {line}"


def measured(project: Project, name: str, survey: Survey) -> Measured | None:
    """None for a survey without a question with a scale."""
    rule = value_rule(survey)
    if rule is None:
        return None
    question = survey.question(rule.question)
    assert isinstance(question, Scale)
    held = next((one for one, dataset in project.datasets.items() if dataset.table == RESPONSES), None)
    dataset = held or "responses"
    where = f"survey = '{name}' and question = '{rule.question}'"
    window = {"window": f"{rule.within} days"} if rule.within else {}
    title = survey.title or name.replace("_", " ").capitalize()
    common = {"dataset": dataset, "where": where, **window}
    metrics = {
        f"{name}_{_ending(rule)}": {
            "title": title, "help": _WORDS[rule.aggregate], **common, "aggregate": aggregate_of(rule, question)
        },
        f"{name}_answers": {"title": f"Answers: {title}", **common, "aggregate": "count(number)"},
    }  # fmt: skip
    return Measured(rule, metrics, dataset, held is None, _measure(rule, question))


def aggregate_of(rule: AccountValue, question: Scale) -> str:
    """What `engine.surveys.facts.account_values` does, over rows of responses of which the newest a person counts."""
    if rule.aggregate == "nps":
        return "avg(case when number >= 9 then 100 when number <= 6 then -100 else 0 end)"
    if rule.aggregate == "top_share":
        return f"avg(case when number >= {question.top_from} then 100 else 0 end)"
    return "latest(number)" if rule.aggregate == "latest" else "avg(number)"


def _ending(rule: AccountValue) -> str:
    return {"nps": "nps", "mean": "mean", "top_share": "good", "latest": "latest"}[rule.aggregate]


def _measure(rule: AccountValue, question: Scale) -> dict[str, Any]:
    """A value goes from nothing to a hundred along its own scale, and is fresh for so long after the newest answer."""
    lines = {"nps": [[-50, 0], [0, 50], [60, 100]], "top_share": [[20, 0], [90, 100]]}
    line = lines.get(rule.aggregate) or [[question.lowest, 0], [question.highest, 100]]
    return {"weight": 1, "score": {"linear": line}, "valid_for": f"{VALID_DAYS} days"}


def with_metrics(files: Files, found: Measured) -> dict[str, str]:
    """The files with what is missing of it. Raises RequestRefused where all of it stands there already."""
    written = dict(files)
    if found.needs_data and not any(name in SETS.names_in(files) for name in ("responses", "invitations")):
        written["survey_data.yaml"] = DATASETS
    missing = [name for name in found.metrics if METRICS.file_of(written, name) is None]
    if not missing:
        raise RequestRefused(f"there are metrics '{' and '.join(found.metrics)}' already")
    for name in missing:
        written = METRICS.added(written, name, found.metrics[name])
    return written


def _dumped(value: Any) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False))
