"""From what was typed in the form to changes of the draft's YAML, beside what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import same, with_value, without
from keepwell.apps.rules.editing.documents import KIND, changed, rule_in
from keepwell.apps.rules.editing.fields import (
    Document,
    Path,
    Typed,
    action_kind,
    actions_at,
    fields_of,
    held_at,
    trigger_fields,
    triggers_of,
)
from keepwell.apps.rules.editing.scalars import ABSENT
from keepwell.errors import RequestRefused


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed from the same state; theirs stands in the draft."""

    field: str
    where: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Edited:
    files: dict[str, str]
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class _Change:
    """What somebody meant to change: `path` within the rule, from `was` to `mine`; `theirs` stands there now."""

    name: str
    path: Path
    was: Any
    mine: Any
    theirs: Any


def edited(base: Files, now: Files, name: str, given: Typed) -> Edited:
    """`now` with everything that was typed and differs from `base`, where `now` does not differ from it too.

    Inputs that were not sent are left alone. Raises RequestRefused where the file cannot be changed by a form.
    """
    before, held = rule_in(base, name), rule_in(now, name)
    if before is None or held is None:
        raise RequestRefused(f"the rule '{name}' was removed from the draft meanwhile, or has another name")
    files, conflicts = dict(now), []
    for one in _changes(before, held, given):
        if one.theirs == one.mine and type(one.theirs) is type(one.mine):
            continue
        if one.theirs == one.was:
            files = _written(files, name, one)
        else:
            where = one.name.replace("/", " › ").replace("_", " ")
            conflicts.append(Conflict(one.name, where, _said(one.theirs), _said(one.mine)))
    return Edited(files, tuple(conflicts))


def _changes(before: Document, now: Document, given: Typed) -> Iterator[_Change]:
    for field in fields_of(before):
        if not field.is_sent(given):
            continue
        was, mine = field.meant(field.shown(held_at(before, field.path))), field.meant(given)
        if mine != was or type(mine) is not type(was):
            theirs = (
                field.meant(field.shown(held_at(now, field.path))) if _is_there(before, now, field.path) else "gone"
            )
            yield _Change(field.name, field.path, was, mine, theirs)
    yield from _triggers(before, now, given)


def _triggers(before: Document, now: Document, given: Typed) -> Iterator[_Change]:
    own, theirs = triggers_of(before), triggers_of(now)
    for field in trigger_fields(before):
        if not field.is_sent(given):
            continue
        was, mine = field.meant(field.shown(own[field.place])), field.meant(given)
        if mine == was:
            continue
        is_list = isinstance(now.get("on"), list)
        path: Path = ("on", field.place) if is_list else ("on",)
        same_list = len(own) == len(theirs)
        stands = field.meant(field.shown(theirs[field.place])) if same_list else "gone"
        yield _Change(field.name, path, was, mine, stands)


def _is_there(before: Document, now: Document, path: Path) -> bool:
    """Whether the part that a field belongs to is the same one still: an action of its kind in as long a list."""
    for length, step in enumerate(path):
        if isinstance(step, int):
            part = "/".join(map(str, path[:length]))
            own, theirs = actions_at(before, part), actions_at(now, part)
            return len(own) == len(theirs) and action_kind(theirs[step]) == path[length + 1]
    return path[0] != "until" or isinstance(now.get("until"), dict)


def _written(files: dict[str, str], name: str, one: _Change) -> dict[str, str]:
    rule = rule_in(files, name) or {}
    place = (KIND, name, *one.path)
    held = held_at(rule, one.path)
    if one.mine is ABSENT:
        return _taken_out(files, name, rule, one.path) if held is not ABSENT else files
    if held is not ABSENT and same(_plain(held), one.mine):  # 20 and "20" are written alike, and mean two things
        files = changed(files, name, lambda text: without(text, place))
    return changed(files, name, lambda text: with_value(text, place, one.mine))


def _taken_out(files: dict[str, str], name: str, rule: Document, path: Path) -> dict[str, str]:
    """Without a value, and without `repeat` once it says nothing."""
    above = held_at(rule, path[:-1])
    alone = path[:-1] == ("repeat",) and isinstance(above, dict) and len(above) == 1
    place = (KIND, name, *(path[:-1] if alone else path))
    return changed(files, name, lambda text: without(text, place))


def _plain(held: Any) -> Any:
    if isinstance(held, dict):
        return {key: _plain(one) for key, one in held.items()}
    if isinstance(held, list):
        return [_plain(one) for one in held]
    return held if held is None else str(held).lower() if isinstance(held, bool) else str(held)


def _said(value: Any) -> str:
    return "nothing" if value is ABSENT or value is None or value == "" else str(value)
