"""What there is to know of a kind of definition to edit it in a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from keepwell.apps.configuration.editing.entries import Document, Entries
from keepwell.apps.configuration.projects import Files
from keepwell.definitions.project import Project

Path = tuple[str | int, ...]
Typed = Mapping[str, str]
Known = Mapping[str, tuple[str, ...]]
"""What fields may name, by their keys: the first stands in a new part."""
Change = Callable[[str], str] | None
"""Of the text of a file; None where nothing changes."""


class FormField(Protocol):
    """One or several inputs that are written as one value. `loose`: the map around it goes with its last value."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> Path: ...
    @property
    def loose(self) -> bool: ...
    def place(self, document: Document) -> Path:
        """Where it is written."""

    def held(self, document: Document) -> Any:
        """What stands there; ABSENT for nothing."""

    def shown(self, held: Any) -> dict[str, str]:
        """Its inputs by name, from what stands there."""

    def meant(self, given: Typed) -> Any:
        """What is to stand there; ABSENT for nothing."""

    def is_sent(self, given: Typed) -> bool: ...


def _nothing(*_: Any) -> dict[str, Any]:
    return {}


def _as_it_is(files: Files, *_: Any) -> Files:
    return files


@dataclass(frozen=True)
class Form:
    """`fields`: of a document. `same_part`: whether the part that a path leads to is the same in two documents.

    `parts`: by their verb, changes of a document that let a part come, go or move, told where, what was chosen, and
    what there is to name. `new`: the first draft of an entry of a title. `differing`: what a copy says differently.
    `pointing`: the files with everything that names an entry naming it anew. `following`: the files with an entry
    mended after a save, told what it was before.
    """

    entries: Entries
    draft: str
    fields: Callable[[Document], Iterable[FormField]]
    same_part: Callable[[Document, Document, Path], bool]
    parts: Mapping[str, Callable[[Document, Path, str, str, Known], Change]]
    new: Callable[[str, Files, Project], Document]
    known: Callable[[Project, str], Known] = _nothing
    differing: Callable[[Files], Document] = _nothing
    pointing: Callable[[Files, str, str], Files] = _as_it_is
    following: Callable[[Files, str, Document], Files] = _as_it_is

    def shown_of(self, document: Document) -> dict[str, str]:
        """What every input holds, by name."""
        found: dict[str, str] = {}
        for field in self.fields(document):
            found |= field.shown(field.held(document))
        return found
