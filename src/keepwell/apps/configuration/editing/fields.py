"""The fields of a form: where each stands in the document, what it shows, and what was meant by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.form import Path, Typed
from keepwell.apps.configuration.editing.inputs import Input, inputs_of
from keepwell.apps.configuration.editing.scalars import ABSENT, number, shown, typed
from keepwell.definitions.base import Definition


class AtPath:
    """What every field says that is written at its `path` and has inputs named after it."""

    path: Path

    @property
    def name(self) -> str:
        return name_of(self.path)

    def place(self, document: Document) -> Path:
        return self.path

    def held(self, document: Document) -> Any:
        return held_at(document, self.path)

    def is_sent(self, given: Typed) -> bool:
        return is_sent(self.name, given)


@dataclass(frozen=True)
class Field(AtPath):
    """One input at `path` within the entry. `loose`: the map around it goes with its last value."""

    path: Path
    input: Input
    loose: bool = False

    def shown(self, held: Any) -> dict[str, str]:
        return _SHOWN.get(self.input.kind, _show_text)(self.name, held, self.input)

    def meant(self, given: Typed) -> Any:
        found = _MEANT.get(self.input.kind, _read_text)(self.name, given)
        if found is ABSENT:
            return None if self.input.nullable else _NOTHING.get(self.input.kind, "") if self.input.required else ABSENT
        return ABSENT if _is_default(found, self.input) else found


def name_of(path: Path) -> str:
    return "/".join(map(str, path))


def is_sent(name: str, given: Typed) -> bool:
    return any(one == name or one.startswith(f"{name}/") for one in given)


def held_at(document: Any, path: Path) -> Any:
    """What stands at a path; ABSENT for nothing."""
    for step in path:
        if isinstance(document, dict):
            document = document.get(str(step), ABSENT)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return ABSENT
    return document


def list_at(document: Document, path: Path) -> list[Any]:
    """A list at a path; empty where none stands there."""
    held = held_at(document, path)
    return held if isinstance(held, list) else []


def fields_of_model(path: Path, model: type[Definition], *, loose: bool = False) -> Iterator[Field]:
    """A field for each input of a model that stands at a path."""
    yield from (Field((*path, one.key), one, loose) for one in inputs_of(model))


def _is_default(found: Any, one: Input) -> bool:
    """Whether it says what holds anyway; what is required is written always."""
    if one.required or one.kind not in ("flag", "choice", "number"):
        return False
    return one.default == ("on" if found is True else "" if found is False else str(found))


def _show_text(name: str, held: Any, one: Input) -> dict[str, str]:
    if held is ABSENT or held is None:
        return {name: one.default if one.kind == "choice" else ""}
    return {name: str(held).lower() if isinstance(held, bool) else str(held)}


def _read_text(name: str, given: Typed) -> Any:
    return given.get(name, "").replace("\r\n", "\n").strip() or ABSENT


def _show_flag(name: str, held: Any, one: Input) -> dict[str, str]:
    is_on = one.default == "on" if held is ABSENT else str(held).lower() == "true"
    return {f"{name}/sent": "1", **({name: "on"} if is_on else {})}


def _read_flag(name: str, given: Typed) -> Any:
    return bool(given.get(name))


def _read_number(name: str, given: Typed) -> Any:
    text = given.get(name, "").strip()
    return number(text) if text else ABSENT


def _show_scalar(name: str, held: Any, one: Input) -> dict[str, str]:
    return {name: shown(held)}


def _read_scalar(name: str, given: Typed) -> Any:
    text = given.get(name, "")
    return typed(text) if text.strip() else ABSENT


def _show_several(name: str, held: Any, one: Input) -> dict[str, str]:
    listed = held if isinstance(held, list) else [] if held is ABSENT or held is None else [held]
    return {name: ", ".join(map(str, listed))}


def _read_several(name: str, given: Typed) -> Any:
    return [one.strip() for one in given.get(name, "").split(",") if one.strip()] or ABSENT


def _show_lines(name: str, held: Any, one: Input) -> dict[str, str]:
    listed = held if isinstance(held, list) else [] if held is ABSENT or held is None else [held]
    return {name: "\n".join(map(str, listed))}


def _read_lines(name: str, given: Typed) -> Any:
    return [one.strip() for one in given.get(name, "").splitlines() if one.strip()] or ABSENT


def _show_chosen(name: str, held: Any, one: Input) -> dict[str, str]:
    listed = held if isinstance(held, list) else []
    return {f"{name}/sent": "1", **{f"{name}/{chosen}": "on" for chosen in listed}}


def _read_chosen(name: str, given: Typed) -> Any:
    chosen = (one.removeprefix(f"{name}/") for one, text in given.items() if one.startswith(f"{name}/") and text)
    return sorted(one for one in chosen if one != "sent") or ABSENT


def _show_rows(name: str, held: Any, one: Input) -> dict[str, str]:
    rows = [*held.items(), ("", ABSENT)] if isinstance(held, dict) else [("", ABSENT)]
    return {
        f"{name}/{at}/{part}": text
        for at, (key, value) in enumerate(rows)
        for part, text in (("key", key), ("value", shown(value)))
    }


def _read_rows(name: str, given: Typed) -> Any:
    pattern = re.compile(rf"{re.escape(name)}/(\d+)/key")
    places = sorted(int(found[1]) for one in given if (found := pattern.fullmatch(one)))
    rows = [(given[f"{name}/{at}/key"].strip(), given.get(f"{name}/{at}/value", "")) for at in places]
    return {key: typed(value) for key, value in rows if key} or ABSENT


_NOTHING: dict[str, Any] = {"several": [], "rows": {}}
_SHOWN = {
    "flag": _show_flag, "scalar": _show_scalar, "several": _show_several, "rows": _show_rows, "lines": _show_lines,
    "chosen": _show_chosen,
}  # fmt: skip
_MEANT = {
    "flag": _read_flag, "number": _read_number, "scalar": _read_scalar, "several": _read_several, "rows": _read_rows,
    "lines": _read_lines, "chosen": _read_chosen,
}  # fmt: skip
