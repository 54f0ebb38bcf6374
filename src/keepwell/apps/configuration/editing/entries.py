"""Definitions of one kind in the files of a draft: where each stands, and what it says as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.document import Unreadable, read
from keepwell.apps.configuration.editing.scalars import ABSENT, read_typed
from keepwell.apps.configuration.excerpts import excerpt, with_entry, with_excerpt
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value, without
from keepwell.errors import RequestRefused

Document = Mapping[str, Any]
"""An entry as its file says it, with numbers and truths as such."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


@dataclass(frozen=True)
class Entries:
    """`kind`: the map that holds them, such as rules. `file`: of the first one. `noun`: what people call one."""

    kind: str
    file: str
    noun: str

    def names_in(self, files: Files) -> list[str]:
        """Every one of the files, as far as they can be read."""
        return sorted(name for text in files.values() for name in self._held(text))

    def file_of(self, files: Files, name: str) -> str | None:
        """The path of the file that defines it."""
        return next((path for path, text in sorted(files.items()) if name in self._held(text)), None)

    def entry_in(self, files: Files, name: str) -> Document | None:
        """An entry as its document says it; None where no file that can be read defines it."""
        path = self.file_of(files, name)
        if path is None:
            return None
        held = read_typed(files[path], self.kind, name)
        return held if isinstance(held, dict) else {}

    def text_of(self, files: Files, name: str) -> str:
        """Its YAML, with its comments."""
        path = self.file_of(files, name)
        return excerpt(files[path], (self.kind, name)) if path else ""

    def added(self, files: Files, name: str, entry: Document) -> dict[str, str]:
        """The files with a new one, in the file that holds others already."""
        self.refuse_name(files, name)
        path = self._home(files)
        return {**files, path: with_value(files.get(path, ""), (self.kind, name), entry)}

    def copied(self, files: Files, name: str, like: str, differing: Document) -> dict[str, str]:
        """One more that says what another says, comments included, but for what it says differently."""
        self.refuse_name(files, name)
        path = self.file_of(files, like)
        if path is None:
            raise RequestRefused(f"there is no {self.noun} '{like}' to copy")
        lines = re.sub(rf"(?m)^{re.escape(like)}(?=\s*:)", name, self.text_of(files, like), count=1)
        text = with_entry(files[path], (self.kind,), lines)
        for key, value in differing.items():
            text = with_value(text, (self.kind, name, key), value)
        return {**files, path: text}

    def with_text(self, files: Files, name: str, lines: str) -> tuple[dict[str, str], str]:
        """Other YAML for it, and the name that it gives it. Raises RequestRefused for what is no entry."""
        path = self._path(files, name)
        try:
            held = read(lines)
        except Unreadable:
            held = None
        own = next(iter(held)) if isinstance(held, dict) and len(held) == 1 else name
        if own != name:
            self.refuse_name(files, own)
        return {**files, path: with_excerpt(files[path], (self.kind, name), lines)}, own

    def removed(self, files: Files, name: str) -> dict[str, str]:
        """The files without it; a file that held nothing else goes with it."""
        path = self.file_of(files, name)
        if path is None:
            return dict(files)
        held = read(files[path])
        if len(held[self.kind]) > 1:
            return {**files, path: without(files[path], (self.kind, name))}
        rest = {one: text for one, text in files.items() if one != path}
        return rest if set(held) == {self.kind} else {**rest, path: without(files[path], (self.kind,))}

    def changed(self, files: Files, name: str, change: Callable[[str], str]) -> dict[str, str]:
        """The files with the file of an entry changed."""
        path = self._path(files, name)
        return {**files, path: change(files[path])}

    def refuse_name(self, files: Files, name: str) -> None:
        """Raises RequestRefused for what cannot be the name of a new one."""
        if not _NAME.fullmatch(name):
            rule = "lower-case letters, digits and _, beginning with a letter"
            raise RequestRefused(f"'{name}' is no name: use {rule}" if name else f"give the {self.noun} a name: {rule}")
        if name in self.names_in(files):
            raise RequestRefused(f"there is a {self.noun} '{name}' already; choose another name")

    def name_from(self, title: str, files: Files) -> str:
        """A free name made of the words of a title."""
        return name_from(title, self.names_in(files), self.noun)

    def _path(self, files: Files, name: str) -> str:
        path = self.file_of(files, name)
        if path is None:
            raise RequestRefused(f"the {self.noun} '{name}' was removed from the draft, or has another name")
        return path

    def _home(self, files: Files) -> str:
        holding = [path for path, text in sorted(files.items()) if self._held(text)]
        return holding[0] if holding else self.file

    def _held(self, text: str) -> dict[str, Any]:
        if self.kind not in text:
            return {}
        try:
            held = read_typed(text, self.kind)
        except Unreadable:
            return {}
        return held if held is not ABSENT and isinstance(held, dict) else {}


def name_from(title: str, taken: list[str], noun: str) -> str:
    """A name that is not taken, made of the words of a title; of the noun where these make none."""
    plain = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:80]
    name = plain if plain[:1].isalpha() else f"{noun}_{plain}".rstrip("_")
    return next(one for one in (name, *(f"{name}_{number}" for number in range(2, 1000))) if one not in taken)
