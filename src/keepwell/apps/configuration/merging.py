"""Two changes of the same files put together, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from keepwell.apps.configuration.projects import Files


@dataclass(frozen=True)
class Merged:
    """`conflicts`: files in which both changed the same lines (or one changed what the other removed)."""

    files: dict[str, str]
    conflicts: tuple[str, ...]


def merged(base: Files, ours: Files, theirs: Files) -> Merged:
    """What both changed since `base`; where both changed the same lines, `ours` stay."""
    files: dict[str, str] = {}
    conflicts = []
    for name in sorted({*ours, *theirs}):
        was, mine, other = base.get(name), ours.get(name), theirs.get(name)
        if other in (mine, was):
            chosen = mine
        elif mine == was:
            chosen = other
        elif mine is None or other is None or was is None:
            chosen = mine if mine is not None else other
            conflicts.append(name)
        else:
            chosen, is_clean = _merged_text(was, mine, other)
            if not is_clean:
                conflicts.append(name)
        if chosen is not None:
            files[name] = chosen
    return Merged(files, tuple(conflicts))


def _merged_text(base: str, ours: str, theirs: str) -> tuple[str, bool]:
    was, mine, other = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    own = _changes(was, mine)
    clean, found, place = True, list[str](), 0
    changes = sorted([*((one, True) for one in own), *((one, False) for one in _changes(was, other))], key=_by_place)
    for (start, end, lines), is_ours in changes:
        touched = [one for one in own if one[0] <= end and start <= one[1]]
        if not is_ours and touched:
            clean = clean and (start, end, lines) in touched
            continue
        found += was[place:start] + list(lines)
        place = end
    return "".join(found + was[place:]), clean


_Change = tuple[int, int, tuple[str, ...]]


def _by_place(change: tuple[_Change, bool]) -> tuple[int, int]:
    return change[0][0], change[0][1]


def _changes(was: Sequence[str], now: Sequence[str]) -> list[_Change]:
    """Lines [start, end) of `was` that became other lines."""
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    return [(a, b, tuple(now[c:d])) for kind, a, b, c, d in blocks if kind != "equal"]
