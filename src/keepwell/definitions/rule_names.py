"""What expressions and texts of rules and stages may name, beside attributes, metrics and segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from keepwell.definitions.actions import Action, kind_of, parameters_of
from keepwell.definitions.expressions import Expression, ValueType
from keepwell.definitions.issues import Path
from keepwell.definitions.project import Project
from keepwell.definitions.rules import Rule

_N, _T, _D = ValueType.NUMBER, ValueType.TEXT, ValueType.DATE


@dataclass(frozen=True)
class Known:
    """A name that rules know: its type, and what it says."""

    type: ValueType
    doc: str


SCORES: Mapping[str, Known] = {
    "score": Known(_N, "The score of the account, overrides included"),
    "computed_score": Known(_N, "The score before overrides"),
    "label": Known(_T, "The band that the score lies in"),
    "scorecard": Known(_T, "The scorecard by which it is scored"),
    "coverage": Known(_N, "The share of the weight that was observed, from 0 to 1"),
    "change": Known(_N, "What the score has changed by in a week: `change_over(score, 7)`"),
    "days_in_band": Known(_N, "Days since the label last changed, as far as history goes; 0 on the day itself"),
    "previous_label": Known(_T, "The label before the present one; null where history knows none"),
}
"""Names that rest on scores."""

STAGES: Mapping[str, Known] = {
    "stage": Known(_T, "The lifecycle stage that the account is in"),
    "days_in_stage": Known(_N, "Days since it came there"),
    "days_overdue_milestone": Known(
        _N, "By how many days the most overdue milestone of its stage is late; 0 where none is"
    ),
}
"""Names that rest on the stage."""

WORK: Mapping[str, Known] = {
    "open_calls": Known(_N, "How many calls to action are open for the account"),
    "open_risks": Known(_N, "How many of them are of type risk"),
    "open_requests": Known(_N, "How many requests for advocacy wait for the account"),
}
"""Names that rest on what is to be done: 0 where there is nothing."""

KNOWN: Mapping[str, Known] = {**SCORES, **STAGES, **WORK}
"""All names that rules know of themselves. They come before attributes of the same name."""

FIELDS: Mapping[str, Mapping[str, str]] = {
    "account": {"name": "Its name", "id": "Its id", "arr": "Its ARR", "renews_on": "When it renews"},
    "owner": {"name": "The name of its CSM", "email": "The address of its CSM"},
    "rule": {"title": "The title of the rule"},
}
"""What texts may name with a dot, beside measure.NAME and group.NAME."""

CALL_FIELDS: Mapping[str, str] = {"title": "The title of the call", "type": "Its type", "due": "When it is due"}
"""What texts of playbooks may also name, as call.NAME."""

CONTACT_FIELDS: Mapping[str, str] = {"name": "The name of whom the letter goes to", "email": "Their address"}
"""And as contact.NAME, in letters."""


def dotted_names(project: Project) -> dict[str, frozenset[str]]:
    """Measures and groups of the cards of accounts."""
    cards = project.cards_for("account").values()
    return {
        "measure": frozenset(name for card in cards for name in card.measures),
        "group": frozenset(name for card in cards for name in card.groups),
    }


def types_of(project: Project) -> dict[str, ValueType]:
    """The types of all names that rules know of themselves, those of measures and groups included."""
    dotted = (f"{prefix}.{name}" for prefix, names in dotted_names(project).items() for name in names)
    return {name: known.type for name, known in KNOWN.items()} | dict.fromkeys(dotted, _N)


def conditions_of(rule: Rule) -> dict[str, Expression]:
    """The expressions over accounts of a rule, by where they stand: scope, when, until."""
    found = {"scope": rule.scope, "when": rule.when, "until": rule.until.when if rule.until else None}
    return {where: one for where, one in found.items() if one is not None}


def conditions(project: Project) -> Iterator[tuple[Path, str, Expression]]:
    """Each expression over accounts of rules and stages: where it stands, in words, and itself."""
    for name, rule in project.rules.items():
        for where, expression in conditions_of(rule).items():
            path: Path = ("rules", name, "until", "when") if where == "until" else ("rules", name, where)
            yield path, f"'{where}' of rule '{name}'", expression
    for name, stage in project.stages.items():
        for where in ("enter", "exit"):
            if (one := getattr(stage, where)) is not None:
                yield ("stages", name, where), f"'{where}' of stage '{name}'", one
        for milestone, about in stage.milestones.items():
            path = ("stages", name, "milestones", milestone, "reached")
            yield path, f"'reached' of milestone '{milestone}'", about.reached


def texts(project: Project) -> Iterator[tuple[Path, str]]:
    """Each text with fields: where it stands, and itself."""
    for name, rule in project.rules.items():
        yield from _texts_of_actions(("rules", name, "actions"), rule.actions)
        if rule.until:
            yield from _texts_of_actions(("rules", name, "until", "actions"), rule.until.actions)
    for name, playbook in project.playbooks.items():
        for index, task in enumerate(playbook.tasks):
            place: Path = ("playbooks", name, "tasks", index, "email")
            yield from (((*place, key), getattr(task.email, key)) for key in ("subject", "text") if task.email)


def _texts_of_actions(path: Path, actions: Iterable[Action]) -> Iterator[tuple[Path, str]]:
    for index, action in enumerate(actions):
        parameters, place = parameters_of(action), (*path, index, kind_of(action))
        for key in ("title", "text", "comment", "reason"):
            if isinstance(text := getattr(parameters, key, None), str):
                yield (*place, key), text
        for key, value in getattr(parameters, "data", {}).items():
            if isinstance(value, str):
                yield (*place, "data", key), value
