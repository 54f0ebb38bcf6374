"""From what was typed in a form to changes of the draft's YAML, beside what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import held_at
from keepwell.apps.configuration.editing.form import Form, Path, Typed
from keepwell.apps.configuration.editing.scalars import ABSENT
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import same, with_value, without
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
    """What somebody meant to change: `path` within the entry, from `was` to `mine`; `theirs` stands there now."""

    name: str
    path: Path
    was: Any
    mine: Any
    theirs: Any
    loose: bool


def edited(form: Form, base: Files, now: Files, name: str, given: Typed) -> Edited:
    """`now` with everything that was typed and differs from `base`, where `now` does not differ from it too.

    Inputs that were not sent are left alone. Raises RequestRefused where the file cannot be changed by a form.
    """
    before, held = form.entries.entry_in(base, name), form.entries.entry_in(now, name)
    if before is None or held is None:
        noun = form.entries.noun
        raise RequestRefused(f"the {noun} '{name}' was removed from the draft meanwhile, or has another name")
    files, conflicts = dict(now), []
    for one in _changes(form, before, held, given):
        if one.theirs == one.mine and type(one.theirs) is type(one.mine):
            continue
        if one.theirs == one.was:
            files = _written(form, files, name, one)
        else:
            where = one.name.replace("/", " › ").replace("_", " ")
            conflicts.append(Conflict(one.name, where, _said(one.theirs), _said(one.mine)))
    return Edited(files, tuple(conflicts))


def _changes(form: Form, before: Document, now: Document, given: Typed) -> Iterator[_Change]:
    for field in form.fields(before):
        if not field.is_sent(given):
            continue
        was, mine = field.meant(field.shown(field.held(before))), field.meant(given)
        if mine == was and type(mine) is type(was):
            continue
        is_there = form.same_part(before, now, field.path)
        theirs = field.meant(field.shown(field.held(now))) if is_there else "gone"
        yield _Change(field.name, field.place(now), was, mine, theirs, field.loose)


def _written(form: Form, files: dict[str, str], name: str, one: _Change) -> dict[str, str]:
    entry = form.entries.entry_in(files, name) or {}
    place = (form.entries.kind, name, *one.path)
    held = held_at(entry, one.path)
    if one.mine is ABSENT:
        return _taken_out(form, files, name, one) if held is not ABSENT else files
    if held is not ABSENT and same(_plain(held), one.mine):  # 20 and "20" are written alike, and mean two things
        files = form.entries.changed(files, name, lambda text: without(text, place))
    return form.entries.changed(files, name, lambda text: with_value(text, place, one.mine))


def _taken_out(form: Form, files: dict[str, str], name: str, one: _Change) -> dict[str, str]:
    """Without a value, and without the map around it once that says nothing and nobody misses it."""
    above = held_at(form.entries.entry_in(files, name) or {}, one.path[:-1])
    alone = one.loose and isinstance(above, dict) and len(above) == 1
    place = (form.entries.kind, name, *(one.path[:-1] if alone else one.path))
    return form.entries.changed(files, name, lambda text: without(text, place))


def _plain(held: Any) -> Any:
    if isinstance(held, dict):
        return {key: _plain(one) for key, one in held.items()}
    if isinstance(held, list):
        return [_plain(one) for one in held]
    return held if held is None else str(held).lower() if isinstance(held, bool) else str(held)


def _said(value: Any) -> str:
    return "nothing" if value is ABSENT or value is None or value == "" else str(value)
