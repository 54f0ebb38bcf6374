"""Checks the references of rules, playbooks and stages: what they name is there, and takes what they give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from keepwell.definitions.actions import Action, AskAdvocate, OpenCall, kind_of, parameters_of
from keepwell.definitions.advocacy import activities_of
from keepwell.definitions.comparing import compared
from keepwell.definitions.conditions import Names, check_account_expression
from keepwell.definitions.expressions import Expression, names_in, segments_in
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.names import listed, unknown
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import (
    CALL_FIELDS,
    CONTACT_FIELDS,
    FIELDS,
    KNOWN,
    SCORES,
    conditions,
    dotted_names,
    texts,
)
from keepwell.definitions.rules import Rule
from keepwell.definitions.schemes import UNKNOWN
from keepwell.definitions.survey_names import audiences
from keepwell.definitions.texts import fields_in
from keepwell.definitions.triggers import EventTrigger, Trigger
from keepwell.definitions.triggers import kind_of as trigger_kind


def check_rules(project: Project, names: Names, issues: Issues) -> None:
    _check_accounts(project, issues)
    dotted, choices = dotted_names(project), _choices(project)
    for path, _, expression in chain(conditions(project), audiences(project)):
        check_account_expression(path, expression, names, issues, dotted)
        _check_known(names, path, expression, issues)
        _check_choices(path, expression, choices, issues)
    for name, rule in project.rules.items():
        for index, trigger in enumerate(rule.on):
            _check_trigger(project, names, ("rules", name, "on", index), trigger, issues)
        for path, action in _actions(name, rule):
            _check_action(project, names, path, action, issues)
    for name, survey in project.surveys.items():
        for index, trigger in enumerate(survey.on or ()):
            _check_trigger(project, names, ("surveys", name, "on", index), trigger, issues)
    for path, text in texts(project):
        _check_text(path, text, dotted, issues)
    _check_stages(project, names, issues)


def _check_accounts(project: Project, issues: Issues) -> None:
    for kind in ("rules", "stages"):
        if getattr(project, kind) and not project.all_with_role("accounts"):
            issues.add((kind,), f"{kind} are about accounts, and no dataset has role accounts; add one")
    for path, _, _ in audiences(project):
        if not project.all_with_role("accounts"):
            issues.add(path, "accounts are chosen, and no dataset has role accounts; add one")


def _check_known(names: Names, path: Path, expression: Expression, issues: Issues) -> None:
    for name in names_in(expression):
        if name.dotted in KNOWN and name.dotted in names["metrics"]:
            issues.add(path, f"'{name}' is also a metric; rules know that name themselves: rename the metric")
        if name.dotted in SCORES and not names["scorecards"]:
            issues.add(path, f"'{name}' rests on scores, and no scorecard is defined")


def _choices(project: Project) -> dict[str, frozenset[str]]:
    """The texts that some names can be; names of which nothing is known are left out."""
    cards = project.cards_for("account").values()
    labels = {
        label for card in cards if card.scheme in project.schemes for label in project.schemes[card.scheme].labels
    }
    found = {"stage": set(project.stages), "scorecard": set(project.cards_for("account")), "label": labels}
    choices = {name: frozenset(values) for name, values in found.items() if values}
    if "label" in choices:
        choices["label"] |= {UNKNOWN}
        choices["previous_label"] = choices["label"]
    return choices


def _check_choices(path: Path, expression: Expression, choices: Mapping[str, frozenset[str]], issues: Issues) -> None:
    for name, value in compared(expression):
        if name in choices and value not in choices[name]:
            issues.add(path, unknown(name.replace("_", " "), value, choices[name]))


def _actions(name: str, rule: Rule) -> Iterator[tuple[Path, Action]]:
    yield from ((("rules", name, "actions", index), one) for index, one in enumerate(rule.actions))
    if rule.until:
        yield from ((("rules", name, "until", "actions", index), one) for index, one in enumerate(rule.until.actions))


def _check_trigger(project: Project, names: Names, path: Path, trigger: Trigger, issues: Issues) -> None:
    kind = trigger_kind(trigger)
    named = getattr(trigger, kind)
    milestones = frozenset(one for stage in project.stages.values() for one in stage.milestones)
    known = {"load": ("dataset", names["datasets"]), "stage_change": ("stage", names["stages"])}
    known["milestone_overdue"] = ("milestone", milestones)
    if kind in known and isinstance(named, str) and named not in known[kind][1]:
        issues.add((*path, kind), unknown(known[kind][0], named, known[kind][1]))
    if isinstance(trigger, EventTrigger) and trigger.where is not None:
        for segment in segments_in(trigger.where):
            issues.add((*path, "where"), f"in_segment('{segment}') is for accounts; write it under 'scope' or 'when'")


_NAMED = {
    "open_call": ("playbook", "playbooks"),
    "set_stage": ("stage", "stages"),
    "start_rule": ("rule", "rules"),
}


def _check_action(project: Project, names: Names, path: Path, action: Action, issues: Issues) -> None:
    kind, about = kind_of(action), parameters_of(action)
    if kind in _NAMED:
        key, plural = _NAMED[kind]
        named = getattr(about, key)
        if named is not None and named not in names[plural]:
            issues.add((*path, kind, key), unknown(key, named, names[plural]))
    playbook = project.playbooks.get(about.playbook or "") if isinstance(about, OpenCall) else None
    if playbook is not None:
        meant = playbook.call_type
        if meant not in (None, about.type):
            issues.add(
                (*path, kind, "playbook"),
                f"the playbook '{about.playbook}' is for calls of type {meant}, and this one is {about.type}",
            )
    if isinstance(about, AskAdvocate):
        _check_advocacy(project, names, (*path, kind, "kind"), about.kind, issues)
    if kind == "set_score":
        _check_measure(project, (*path, kind, "measure"), about.measure, issues)


def _check_advocacy(project: Project, names: Names, path: Path, named: str, issues: Issues) -> None:
    known = activities_of(project)
    if named not in {*known, *names["advocacy_activities"]}:
        issues.add(path, unknown("kind of activity", named, known))
    elif named in known and not (known[named].enabled and known[named].asked_for):
        issues.add(path, f"'{named}' is a kind of activity that is not asked for; give it enabled and asked_for: true")


def _check_measure(project: Project, path: Path, measure: str, issues: Issues) -> None:
    cards = project.cards_for("account").values()
    having = [card.measures[measure] for card in cards if measure in card.measures]
    if not having:
        issues.add(path, unknown("measure", measure, dotted_names(project)["measure"]))
    elif not any("rule" in one.source_order for one in having):
        sources = ", ".join(dict.fromkeys(("rule", *having[0].source_order)))
        issues.add(
            path, f"the measure '{measure}' takes no scores from rules; give it sources, such as sources: [{sources}]"
        )


def _check_text(path: Path, text: str, dotted: Mapping[str, frozenset[str]], issues: Issues) -> None:
    known: dict[str, Iterable[str]] = {**dotted, **FIELDS}
    if path[0] == "playbooks":
        known |= {"call": CALL_FIELDS, "contact": CONTACT_FIELDS}
    for field in fields_in(text):
        prefix, _, rest = field.partition(".")
        if rest and prefix not in known:
            issues.add(path, f"{{{field}}} has no meaning here; before a dot may stand: {listed(known)}")
        elif rest and rest not in known[prefix]:
            issues.add(path, f"{{{field}}}: {unknown(prefix, rest, known[prefix])}")


def _check_stages(project: Project, names: Names, issues: Issues) -> None:
    taken: dict[int, str] = {}
    for name, stage in project.stages.items():
        if stage.order in taken:
            issues.add(("stages", name, "order"), f"order {stage.order} is taken by '{taken[stage.order]}'")
        taken.setdefault(stage.order, name)
        if stage.playbook is not None and stage.playbook not in names["playbooks"]:
            issues.add(("stages", name, "playbook"), unknown("playbook", stage.playbook, names["playbooks"]))
