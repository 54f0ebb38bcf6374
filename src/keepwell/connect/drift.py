"""How a source's columns differ from those of the last time, and what in the definitions rests on those that went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from keepwell.connect.document import DeletedIf, SyncDocument


@dataclass(frozen=True)
class Drift:
    """One column of a source. `into`: the dataset's column that is filled from it, empty where none is."""

    column: str
    what: Literal["new", "gone", "retyped"]
    was: str
    now: str
    into: str = ""

    @property
    def breaks(self) -> bool:
        """Whether a column of the dataset would be left without values."""
        return self.what == "gone" and bool(self.into)


_WRITTEN = frozenset({"text", "date", "time"})
_FEW = 100


@dataclass(frozen=True)
class Part:
    """What was read were only the `rows` that are new. `objects`: each row says itself which columns it has.

    Some rows do not tell whether a text is always a date, and few objects not which columns there are.
    """

    rows: int
    objects: bool

    @property
    def may_lack(self) -> bool:
        return self.objects and self.rows < _FEW


def drift_of(
    document: SyncDocument, before: Mapping[str, str], now: Mapping[str, str], part: Part | None = None
) -> list[Drift]:
    """What changed; nothing where either side is not known. Columns that were or are empty are not retyped."""
    if not before or not now:
        return []
    into = {column.source: name for name, column in document.columns.items()}
    into |= {document.cursor: "the cursor"} if document.cursor and document.cursor not in into else {}
    if isinstance(document.deleted, DeletedIf):
        into.setdefault(document.deleted.column, "deleted")
    found = []
    for column in dict.fromkeys((*before, *now)):
        was, is_now = before.get(column, ""), now.get(column, "")
        what: Literal["new", "gone", "retyped"] | None = "new" if not was else "gone" if not is_now else None
        if what is None and was != is_now and "empty" not in (was, is_now):
            what = None if part is not None and {was, is_now} <= _WRITTEN else "retyped"
        if what == "gone" and part is not None and part.may_lack:
            what = None
        if what:
            found.append(Drift(column, what, was, is_now, into.get(column, "")))
    return found


def remembered(before: Mapping[str, str], now: Mapping[str, str], part: Part | None = None) -> dict[str, str]:
    """What is kept for the next time: a column that happens to be empty keeps its type."""
    kept = {name: before.get(name, kind) if kind == "empty" else kind for name, kind in now.items()}
    if part is None:
        return kept
    texts = {name: before[name] for name, kind in kept.items() if {before.get(name), kind} <= _WRITTEN}
    return {**(before if part.may_lack else {}), **kept, **texts}
