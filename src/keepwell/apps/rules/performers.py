"""What an action does: apps register how an effect of a kind is performed and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keepwell.apps.access.actors import System
from keepwell.apps.rules.models import Effect

Perform = Callable[[Effect], dict[str, Any]]
"""Does it, in the transaction that marks it done; returns what `Undo` needs. Raises RequestRefused where it cannot."""

Undo = Callable[[Effect], str]
"""Takes it back; returns an empty text, or why it stays."""


@dataclass(frozen=True)
class Performer:
    """`verb` and `noun` say it in a plan: opens 14 calls to action. `outside`: it leaves Keepwell and cannot be
    taken back once it is gone."""

    perform: Perform
    undo: Undo
    verb: str
    noun: str
    outside: bool = False


_PERFORMERS: dict[str, Performer] = {}


def register(kind: str, performer: Performer) -> None:
    """`kind`: the key of the action in a rule, such as open_call."""
    _PERFORMERS[kind] = performer


def performer_of(kind: str) -> Performer:
    return _PERFORMERS[kind]


def performers() -> dict[str, Performer]:
    return dict(_PERFORMERS)


def rule_actor(effect: Effect) -> System:
    """Whoever acts in an action: the rule, by name, in audit and ledgers."""
    return System(f"rule {effect.rule}", origin="rule")
