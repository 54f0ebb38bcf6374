"""What differs between two sets of definitions: the lines of their files, and in words which definitions changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Literal

from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rule_words import changed, said
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.project import Project
from keepwell.definitions.rules import Rule
from keepwell.definitions.versions import Versions

_NOT_SAID = ("title", "help", "enabled", "order", "on_failure")
"""Values of rules of which their sentences say nothing."""

What = Literal["added", "removed", "changed", "rests on a change"]


@dataclass(frozen=True)
class Line:
    """A line of a difference; `kind`: same, added, removed, place."""

    kind: str
    text: str


@dataclass(frozen=True)
class FileDifference:
    path: str
    what: Literal["added", "removed", "changed"]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Changed:
    """A definition whose hash is another one. `words`: one sentence for each part that differs."""

    kind: str
    name: str
    what: What
    old_hash: str
    new_hash: str
    words: tuple[str, ...] = ()


def file_differences(old: Files, new: Files) -> tuple[FileDifference, ...]:
    """Files that differ, by path, with three lines around each change."""
    paths = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
    return tuple(
        FileDifference(
            path,
            "added" if path not in old else "removed" if path not in new else "changed",
            tuple(lines_between(old.get(path, ""), new.get(path, ""))),
        )
        for path in paths
    )


def lines_between(old: str, new: str) -> Iterator[Line]:
    """The difference of two texts."""
    kinds = {"+": "added", "-": "removed", "@": "place", " ": "same"}
    found = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3))[2:]
    for line in found:
        kind = kinds[line[:1] or " "]
        yield Line(kind, line if kind == "place" else line[1:])


def changed_definitions(old: Project | None, new: Project) -> tuple[Changed, ...]:
    """Definitions whose content hash differs, those that were written anew before those that rest on them."""
    before, after = Versions(old or Project()), Versions(new)
    found = [one for kind in KINDS for one in _of_kind(kind, old or Project(), new, before, after)]
    return tuple(sorted(found, key=lambda one: one.what == "rests on a change"))


def _of_kind(kind: str, old: Project, new: Project, before: Versions, after: Versions) -> Iterator[Changed]:
    was, now = getattr(old, kind), getattr(new, kind)
    for name in sorted({*was, *now}):
        old_hash = before.of(kind, name) if name in was else ""
        new_hash = after.of(kind, name) if name in now else ""
        if old_hash == new_hash:
            continue
        if not old_hash or not new_hash:
            words = said(now[name]) if new_hash else ()
            yield Changed(kind, name, "removed" if old_hash else "added", old_hash, new_hash, words)
            continue
        words = tuple(_words_between(kind, was[name], now[name]))
        yield Changed(kind, name, "changed" if words else "rests on a change", old_hash, new_hash, words)


def _words_between(kind: str, old: Any, new: Any) -> Iterator[str]:
    """Rules in sentences; of what those do not say, and of other kinds, each value."""
    before, after = _leaves(_dump(kind, old)), _leaves(_dump(kind, new))
    if isinstance(old, Rule) and isinstance(new, Rule):
        yield from changed(old, new)
        before, after = ({path: one for path, one in of.items() if path[0] in _NOT_SAID} for of in (before, after))
    yield from _words(before, after)


def _dump(kind: str, definition: Any) -> Any:
    return KINDS[kind].adapter.dump_python(definition, mode="json", by_alias=True, exclude_defaults=True)


def _leaves(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """Values by where they stand; a list without maps in it is one value."""
    if isinstance(value, Mapping):
        return {key: one for name, inner in value.items() for key, one in _leaves(inner, (*path, str(name))).items()}
    if isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        named = [
            str(one.get("name", number)) if isinstance(one, Mapping) else "" for number, one in enumerate(value, 1)
        ]
        order = {(*path, "order"): ", ".join(named)} if len(value) > 1 and "name" in value[0] else {}
        inner = zip(named, value, strict=True)
        return order | {key: one for name, part in inner for key, one in _leaves(part, (*path, name)).items()}
    return {path: _text(value)}


def _words(old: Mapping[tuple[str, ...], str], new: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    for path in dict.fromkeys([*old, *new]):
        before, after = old.get(path), new.get(path)
        if before == after:
            continue
        where = " › ".join(step.replace("_", " ") for step in path if step not in ("groups", "measures")) or "it"
        if before is None:
            yield f"{where}: {after}"
        elif after is None:
            yield f"{where}: no longer {before}"
        else:
            yield f"{where}: {before} → {after}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_text(one) for one in value) + "]"
    return str(value)
