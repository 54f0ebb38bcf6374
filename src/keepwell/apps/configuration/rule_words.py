"""What differs between two rules in sentences, and what a new rule, playbook or stage says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from keepwell.definitions.actions import Action, kind_of, parameters_of
from keepwell.definitions.lifecycle import Stage
from keepwell.definitions.playbooks import Playbook
from keepwell.definitions.rules import Rule
from keepwell.engine.rules.telling import action_words, condition_words, sentences

_ACTIONS = ("actions", "until")


def said(definition: Any) -> tuple[str, ...]:
    """What a definition says that was not there before; nothing for kinds whose lines say enough."""
    if isinstance(definition, Rule):
        return tuple(one.text for one in sentences(definition))
    if isinstance(definition, Playbook):
        return (f"tasks: {', '.join(task.title or task.name for task in definition.tasks)}",)
    if isinstance(definition, Stage):
        conditions = (("enters", definition.enter), ("leaves", definition.exit))
        return tuple(f"an account {verb} where {condition_words(one)}" for verb, one in conditions if one is not None)
    return ()


def changed(old: Rule, new: Rule) -> Iterator[str]:
    """Parts of the two in sentences, and actions one by one."""
    before = {one.part: one.text.rstrip(".") for one in sentences(old)}
    after = {one.part: one.text.rstrip(".") for one in sentences(new)}
    for part in dict.fromkeys([*before, *after]):
        if part not in _ACTIONS and before.get(part) != after.get(part):
            yield f"{before.get(part) or 'nothing'} → {after.get(part) or 'nothing'}"
    yield from _actions("", old.actions, new.actions)
    if old.until != new.until:
        yield from _until(old, new)


def _until(old: Rule, new: Rule) -> Iterator[str]:
    was, now = (one.until for one in (old, new))
    ends = [
        f"ends when {condition_words(one.when)} ({one.persists})" if one else "ends by itself" for one in (was, now)
    ]
    if ends[0] != ends[1]:
        yield " → ".join(ends)
    yield from _actions("at its end ", was.actions if was else (), now.actions if now else ())


def _actions(when: str, old: Sequence[Action], new: Sequence[Action]) -> Iterator[str]:
    if [kind_of(one) for one in old] == [kind_of(one) for one in new]:
        for was, now in zip(old, new, strict=True):
            yield from _parameters(when, was, now)
        return
    left = list(new)
    for one in old:
        if one in left:
            left.remove(one)
        else:
            yield f"{when}it no longer {action_words(one)}"
    yield from (f"{when}it also {action_words(one)}" for one in left)
    if sorted(map(repr, old)) == sorted(map(repr, new)):
        yield f"{when}it does the same in another order"


def _parameters(when: str, old: Action, new: Action) -> Iterator[str]:
    was, now = (parameters_of(one).model_dump(mode="json", by_alias=True) for one in (old, new))
    for key in now:
        if was[key] != now[key]:
            place = f"{when}{kind_of(new)} › {key}".replace("_", " ")
            yield f"{place}: {_text(was[key])} → {_text(now[key])}"


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "nothing" if value is None else str(value)
