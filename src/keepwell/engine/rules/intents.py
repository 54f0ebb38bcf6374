"""What is to be done: each action of each firing, with its parameters filled and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.actions import Action, kind_of, parameters_of
from keepwell.definitions.project import Project
from keepwell.definitions.rules import Rule
from keepwell.definitions.texts import fields_in, fill
from keepwell.definitions.versions import Versions
from keepwell.engine.rules.deciding import Decision
from keepwell.engine.rules.reasons import Reason, Value, plain, reasons

NOTHING = "-"
"""What stands in a text for a value that is null."""


@dataclass(frozen=True)
class Intent:
    """One action for one account. `key` is the same whenever the same firing is decided again.

    `place` counts the actions of `part` from 0. `parameters` are the action's, defaults included, texts filled; delays
    and durations are texts such as "3 business days". `goes_on`: the next actions are done though this one failed.
    `held_out`: it is only to be noted, not done.
    """

    key: str
    rule: str
    version: str
    account_id: str
    occurrence: int
    part: str
    place: int
    kind: str
    parameters: Mapping[str, Any]
    reason: tuple[Reason, ...]
    goes_on: bool
    held_out: bool


def intents(project: Project, decision: Decision, table: pa.Table, versions: Versions | None = None) -> list[Intent]:
    """The actions of a decision: in the order of rules, then of accounts, the actions of one firing together.

    `table` is the one that was decided over.
    """
    versions = versions or Versions(project)
    found: list[Intent] = []
    for name in pc.unique(decision.firings["rule"]).to_pylist():
        for part in ("until", "actions"):
            of_rule = pc.and_(pc.equal(decision.firings["rule"], name), pc.equal(decision.firings["part"], part))
            firings = decision.firings.filter(of_rule).to_pylist()
            found += _of_firings(project, name, part, firings, table, decision.as_of, versions.of("rules", name))
    return found


def _of_firings(
    project: Project,
    name: str,
    part: str,
    firings: list[dict[str, Any]],
    table: pa.Table,
    as_of: date,
    version: str,
) -> Iterator[Intent]:
    rule = project.rules[name]
    actions, conditions = _of_part(rule, part)
    if not firings:
        return
    rows = [firing["row"] for firing in firings]
    why = reasons(project, conditions, table, as_of, rows)
    values = _Values(name, rule, actions, table, rows)
    for at, firing in enumerate(firings):
        for place, action in enumerate(actions):
            yield Intent(
                key=f"{name}/{firing['account_id']}/{firing['occurrence']}/{part}/{place}",
                rule=name,
                version=version,
                account_id=firing["account_id"],
                occurrence=firing["occurrence"],
                part=part,
                place=place,
                kind=kind_of(action),
                parameters=values.filled(place, at),
                reason=why[at],
                goes_on=rule.on_failure == "continue",
                held_out=firing["held_out"],
            )


def _of_part(rule: Rule, part: str) -> tuple[tuple[Action, ...], list[Any]]:
    if part == "until" and rule.until is not None:
        return rule.until.actions, [rule.until.when]
    return rule.actions, [one for one in (rule.scope, rule.when) if one is not None]


class _Values:
    """The parameters of a rule's actions for some rows of the table."""

    def __init__(self, name: str, rule: Rule, actions: tuple[Action, ...], table: pa.Table, rows: list[int]) -> None:
        self._rule_title = rule.title or name.replace("_", " ").capitalize()
        self._parameters = [self._of_action(action) for action in actions]
        fields = {field for one in self._parameters for field in _fields(one)}
        there = table.take(pa.array(rows, pa.int64()))
        self._columns = {
            field: [said(plain(value)) for value in there[field].to_pylist()]
            for field in fields
            if field in table.column_names
        }
        self._columns |= {} if "account.id" in table.column_names else {"account.id": there["account_id"].to_pylist()}
        if "account.name" not in table.column_names:
            self._columns["account.name"] = there["account_id"].to_pylist()

    def _of_action(self, action: Action) -> dict[str, Any]:
        """As JSON has them; calls and notices without a title have that of the rule."""
        found: dict[str, Any] = parameters_of(action).model_dump(mode="json", by_alias=True)
        if kind_of(action) in ("open_call", "notify") and found["title"] is None:
            found["title"] = "{rule.title}"
        return found

    def filled(self, place: int, at: int) -> dict[str, Any]:
        return {key: self._filled(value, at) for key, value in self._parameters[place].items()}

    def _filled(self, value: Any, at: int) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(inner, at) for key, inner in value.items()}
        return fill(value, lambda name: self._said(name, at)) if isinstance(value, str) else value

    def _said(self, name: str, at: int) -> str:
        if name == "rule.title":
            return self._rule_title
        return self._columns[name][at] if name in self._columns else NOTHING


def _fields(parameters: Any) -> Iterator[str]:
    if isinstance(parameters, dict):
        for value in parameters.values():
            yield from _fields(value)
    elif isinstance(parameters, str):
        yield from fields_in(parameters)


def said(value: Value) -> str:
    """A value in a text: whole numbers without a point, others with one place or, below 10, two; true as yes."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value.is_integer():
            return f"{value:,.0f}"
        return f"{value:,.1f}" if abs(value) >= 10 else f"{round(value, 2):g}"
    return value
