"""Rules in sentences, as the editor and pages show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.definitions.actions import Action, kind_of, parameters_of
from keepwell.definitions.expressions import (
    AsOf,
    Between,
    Binary,
    Expression,
    Function,
    InList,
    InSegment,
    IsNull,
    Literal,
    Name,
    Past,
    Unary,
)
from keepwell.definitions.rules import AT_ONCE, Persistence, Rule
from keepwell.definitions.triggers import Trigger
from keepwell.definitions.triggers import kind_of as trigger_kind


@dataclass(frozen=True)
class Sentence:
    """A sentence on one part of a rule: on, scope, when, repeat, hold_out, approval, actions or until."""

    part: str
    text: str


def sentences(rule: Rule) -> tuple[Sentence, ...]:
    """A rule from its start to its end."""
    scope = (
        f"Of all accounts, those where {condition_words(rule.scope)}." if rule.scope is not None else "All accounts."
    )
    found = [
        ("on", f"Looks {_listed(map(trigger_words, rule.on))}."),
        ("scope", scope),
        ("when", f"Acts when {condition_words(rule.when)}{_lasting(rule.persists)}."),
        ("repeat", _repeat(rule)),
        ("hold_out", f"Leaves {rule.hold_out:.0%} of accounts alone, drawn at random." if rule.hold_out else ""),
        ("approval", _approval(rule.approval_above)),
        ("actions", f"Then it {_actions(rule.actions)}."),
    ]
    if rule.until is not None:
        ends = f"Ends when {condition_words(rule.until.when)}{_lasting(rule.until.persists)}"
        found.append(
            ("until", f"{ends}; then it {_actions(rule.until.actions)}." if rule.until.actions else f"{ends}.")
        )
    return tuple(Sentence(part, text) for part, text in found if text)


def condition_words(node: Expression) -> str:
    """A condition in words; what has none is said as it is written."""
    rule = _WORDS.get(type(node))
    return rule(node) if rule else str(node)


def trigger_words(trigger: Trigger) -> str:
    """When a trigger starts a rule: "after new scores", "every weekday at 08:00"."""
    kind = trigger_kind(trigger)
    named = getattr(trigger, kind)
    if kind == "schedule":
        words = " ".join(one.capitalize() if one.strip(",") in _WEEK else one for one in str(named).split(" "))
        return words if words.startswith(("every", "on")) else f"on the schedule {words}"
    where = getattr(trigger, "where", None)
    words = _TRIGGERS[kind][named is not True].format(named)
    return words + (f" where {condition_words(where)}" if where is not None else "")


_WEEK = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
_TRIGGERS = {
    "score_change": ("after new scores", "after new scores"),
    "event": ("at each event", "at each event {}"),
    "load": ("after new rows", "after new rows in {}"),
    "milestone_overdue": ("when a milestone becomes overdue", "when the milestone {} becomes overdue"),
    "stage_change": ("when the stage changes", "when an account comes to the stage {}"),
    "response": ("at each answer to a survey", "at each answer to the survey {}"),
}
_COMPARED = {"=": "is", "<>": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}


def _name(name: Name) -> str:
    return " ".join(name.parts).replace("_", " ")


def _literal(node: Literal) -> str:
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return f"{node.value:,.15g}"
    return str(node.value) if isinstance(node.value, str) else str(node)


def _back(node: Past) -> str:
    return f"{node.days} day{'' if node.days == 1 else 's'}"


def _past(node: Past) -> str:
    back = _back(node)
    if node.function == "change_over":
        return f"the change of {_name(node.name)} over {back}"
    return f"{_name(node.name)} {back} before"


_COUNTED = {
    "days_in_band": "in its band for {}",
    "days_in_stage": "in its stage for {}",
    "days_overdue_milestone": "a milestone overdue by {}",
}
_FALLS = {"<": "more than ", "<=": "at least "}
_LIMITS = {"=": "", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}


def _days(node: Expression) -> str:
    number = node.value if isinstance(node, Literal) else None
    return f"{condition_words(node)} day{'' if number == 1 else 's'}"


def _moved(operator: str, by: Literal | Unary) -> str:
    """A change past a limit on one side is a fall or a rise: at most -5 is a fall by at least 5."""
    value = by.value if isinstance(by, Literal) and isinstance(by.value, int | float) else 0
    if value < 0 and operator in _FALLS:
        return f"fell by {_FALLS[operator]}{_literal(Literal(-value))}"
    verb = "rose by" if value > 0 and operator in (">", ">=") else "changed by"
    return f"{verb} {_LIMITS[operator]}{condition_words(by)}"


def _measured(node: Binary) -> str:
    """A comparison that reads better with its unit: "in its band for at least 3 days"."""
    limit = _LIMITS.get(node.operator)
    if limit is None or not isinstance(node.right, Literal | Unary):
        return ""
    if isinstance(node.left, Past) and node.left.function == "change_over":
        return f"{_name(node.left.name)} {_moved(node.operator, node.right)} over {_back(node.left)}"
    words = _COUNTED.get(node.left.dotted) if isinstance(node.left, Name) else None
    return words.format(limit + _days(node.right)) if words else ""


def _binary(node: Binary) -> str:
    if node.operator in ("and", "or"):
        sides = (_inside(node.left, node.operator), _inside(node.right, node.operator))
        return f" {node.operator} ".join(sides)
    if measured := _measured(node):
        return measured
    if node.operator in _COMPARED:
        return f"{condition_words(node.left)} {_COMPARED[node.operator]} {condition_words(node.right)}"
    return str(node)


def _inside(node: Expression, operator: str) -> str:
    words = condition_words(node)
    return f"({words})" if isinstance(node, Binary) and node.operator == "or" and operator == "and" else words


def _listed(words: Iterable[str], last: str = "and") -> str:
    found = list(words)
    return f"{', '.join(found[:-1])} {last} {found[-1]}" if len(found) > 1 else found[0] if found else ""


def _in_list(node: InList) -> str:
    word = "is none of" if node.negated else "is one of"
    return f"{condition_words(node.operand)} {word} {', '.join(condition_words(one) for one in node.items)}"


def _between(node: Between) -> str:
    limits = f"{condition_words(node.low)} and {condition_words(node.high)}"
    return f"{condition_words(node.operand)} {'is not' if node.negated else 'is'} between {limits}"


def _unary(node: Unary) -> str:
    if isinstance(node.operand, InSegment):
        return f"the account is not in segment {_segment(node.operand)}"
    return f"not ({condition_words(node.operand)})" if node.operator == "not" else str(node)


def _segment(node: InSegment) -> str:
    return node.segment.replace("_", " ")


def _is_null(node: IsNull) -> str:
    return f"{condition_words(node.operand)} is {'known' if node.negated else 'not known'}"


def _function(node: Function) -> str:
    """Days between two days read as such, and texts with another inside; other functions as they are written."""
    unit = node.arguments[0] if node.arguments else None
    if node.name == "contains" and len(node.arguments) == 2:
        return f"{condition_words(node.arguments[0])} has {condition_words(node.arguments[1])} in it"
    if node.name != "date_diff" or len(node.arguments) != 3 or not isinstance(unit, Literal):
        return str(node)
    return f"{unit.value}s from {condition_words(node.arguments[1])} to {condition_words(node.arguments[2])}"


_WORDS: dict[type[Expression], Callable[[Any], str]] = {
    Name: _name,
    Literal: _literal,
    Past: _past,
    Function: _function,
    AsOf: lambda _: "today",
    Binary: _binary,
    InList: _in_list,
    Between: _between,
    Unary: _unary,
    IsNull: _is_null,
    InSegment: lambda node: f"the account is in segment {_segment(node)}",
}


def _lasting(persists: Persistence) -> str:
    if persists == AT_ONCE:
        return ""
    return f", and has been so for {persists}" if persists.days else f", at {persists} in a row"


def _repeat(rule: Rule) -> str:
    repeat, days = rule.repeat, rule.cool_down_days
    once = (
        "each time" if rule.only_on_occasions else "again each time" if repeat.while_it_holds else "once while it lasts"
    )
    parts = [once, *([f"not again within {days} day{'' if days == 1 else 's'}"] if days else [])]
    if repeat.at_most is not None:
        parts.append(f"at most {repeat.at_most} time{'' if repeat.at_most == 1 else 's'} in {repeat.per} days")
    return f"For one account {', '.join(parts)}."


def _approval(above: int | None) -> str:
    if above is None:
        return ""
    return (
        "Each run waits for approval." if above == 0 else f"A run with more than {above:,} effects waits for approval."
    )


def _actions(actions: Sequence[Action]) -> str:
    return _listed((action_words(one) for one in actions), last="and then") or "does nothing"


def action_words(action: Action) -> str:
    """What an action does: "opens a call to action of type risk for the CSM, due in 3 business days"."""
    return _ACTIONS[kind_of(action)](parameters_of(action))


def _opened(about: Any) -> str:
    due = f", due in {about.due}" if about.due else ""
    playbook = f", with the playbook {_spaced(about.playbook)}" if about.playbook else ""
    return (
        f"opens a call to action of type {about.type} ({_spaced(about.reason)}) for {_whom(about.owner)}{due}{playbook}"
    )


def _updated(about: Any) -> str:
    changes = [name for name in ("title", "priority", "owner", "due", "comment") if getattr(about, name) is not None]
    return f"changes {_listed(changes)} of the open call to action of type {about.type} ({_spaced(about.reason)})"


def _score(about: Any) -> str:
    if about.score is None:
        return f"withdraws its score of {_spaced(about.measure)}"
    expires = f" for {about.expires} days" if about.expires else ""
    return f"sets {_spaced(about.measure)} to {about.score:g}{expires}"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _whom(owner: object) -> str:
    """An owner or a recipient: "the CSM", "one of Support in turn", or an address as it is."""
    role, _, team = str(owner).partition(":")
    if team:
        return f"the team {team}" if role == "team" else f"one of {team} in turn"
    return _ROLES.get(role, role)


_ROLES = {"csm": "the CSM", "manager": "the manager", "team": "the team"}
_WAYS = {"in_app": "in the app", "email": "by e-mail"}


_ACTIONS: dict[str, Callable[[Any], str]] = {
    "open_call": _opened,
    "update_call": _updated,
    "close_call": lambda one: (
        f"closes the call to action of type {one.type} ({_spaced(one.reason)}) as {_spaced(one.outcome)}"
    ),
    "set_score": _score,
    "set_attribute": lambda one: f"sets {_spaced(one.attribute)} to {'nothing' if one.value is None else one.value}",
    "set_stage": lambda one: f"moves the account to the stage {_spaced(one.stage)}",
    "log": lambda one: f"writes '{one.title}' on the timeline",
    "notify": lambda one: (
        f"tells {_listed(map(_whom, one.to))} {_listed(_WAYS.get(name, f'on {name}') for name in one.by)}"
    ),
    "webhook": lambda one: f"calls the webhook {one.to}",
    "ask_advocate": lambda one: f"asks an advocate for a {_spaced(one.kind)}",
    "add_to_list": lambda one: f"puts the account on the list {one.list}",
    "remove_from_list": lambda one: f"takes the account from the list {one.list}",
    "start_rule": lambda one: f"lets the rule {_spaced(one.rule)} look at the account",
}
