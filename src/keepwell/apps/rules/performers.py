"""What an action does: apps register how an effect of a kind is performed and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.apps.access.actors import System
from keepwell.apps.rules.models import Effect

Perform = Callable[[Effect], dict[str, Any]]
"""Does it, in the transaction that marks it done; returns what `Undo` needs. Raises RequestRefused where it cannot."""

Undo = Callable[[Effect], str]
"""Takes it back; returns an empty text, or why it stays."""

Check = Callable[[Mapping[str, Any]], list[str]]
"""Why an action with these parameters can be done for no account at all, in words; nothing where it can."""


def _nothing(_: Mapping[str, Any]) -> list[str]:
    return []


@dataclass(frozen=True)
class Performer:
    """`verb` and `noun` say it in a plan: opens 14 calls to action. `outside`: it leaves Keepwell and cannot be
    taken back once it is gone."""

    perform: Perform
    undo: Undo
    verb: str
    noun: str
    outside: bool = False
    check: Check = _nothing


_PERFORMERS: dict[str, Performer] = {}


def register(kind: str, performer: Performer) -> None:
    """`kind`: the key of the action in a rule, such as open_call."""
    _PERFORMERS[kind] = performer


def performer_of(kind: str) -> Performer:
    return _PERFORMERS[kind]


def performers() -> dict[str, Performer]:
    return dict(_PERFORMERS)


def action_problems(actions: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """What stands against the actions of a rule in this installation, such as a channel that is not there: (kind,
    parameters) each. Definitions cannot know it; whoever checks or saves a rule lists it beside their issues."""
    found = [problem for kind, parameters in actions for problem in performer_of(kind).check(parameters)]
    return list(dict.fromkeys(found))


def rule_actor(effect: Effect) -> System:
    """Whoever acts in an action: the rule, by name, in audit and ledgers."""
    return System(f"rule {effect.rule}", origin="rule")
