"""The fields of the editor: what of a scorecard's document each shows, and what it means when it comes back.

A field is a place in the document and a kind. `shown` gives its inputs by name from what stands there; `meant` gives
from what was typed the value to write, None for nothing. What is no number is written as it was typed, so that the
language says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "expression", "number", "choice", "flag", "list", "shape", "levels", "missing", "effect"]
Inputs = dict[str, str]

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
SHAPES = ("linear", "steps", "levels", "percentile", "formula")
EFFECTS = ("at_most", "at_least", "set")
SPARE = 1  # empty rows for one more knot


@dataclass(frozen=True)
class Field:
    """`path` within the card; `default`: what counts as not said."""

    path: tuple[str | int, ...]
    kind: Kind
    default: str = ""

    @property
    def name(self) -> str:
        return "/".join(map(str, self.path))

    def shown(self, held: Any) -> Inputs:
        return _SHOWN.get(self.kind, _show_text)(self.name, held)

    def meant(self, typed: Mapping[str, str]) -> Any:
        value = _MEANT.get(self.kind, _read_text)(self.name, typed)
        return None if value in ("", self.default) else value


def number(text: str) -> Any:
    """A number where it is one, else the text as it was typed."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _show_text(name: str, held: Any) -> Inputs:
    return {name: held if isinstance(held, str) else "" if held is None else str(held)}


def _read_text(name: str, typed: Mapping[str, str]) -> Any:
    return typed.get(name, "").strip().replace("\r\n", "\n")


def _read_number(name: str, typed: Mapping[str, str]) -> Any:
    return number(typed.get(name, ""))


def _show_flag(name: str, held: Any) -> Inputs:
    return {name: "on"} if str(held).lower() == "true" else {}


def _read_flag(name: str, typed: Mapping[str, str]) -> Any:
    return True if typed.get(name) else ""


def _show_list(name: str, held: Any) -> Inputs:
    return {name: ", ".join(map(str, held)) if isinstance(held, list) else str(held or "")}


def _read_list(name: str, typed: Mapping[str, str]) -> Any:
    return [one.strip() for one in typed.get(name, "").split(",") if one.strip()] or ""


def _show_missing(name: str, held: Any) -> Inputs:
    score = held.get("score") if isinstance(held, dict) else None
    return {name: "score" if isinstance(held, dict) else "skip", f"{name}/score": str(score or "")}


def _read_missing(name: str, typed: Mapping[str, str]) -> Any:
    if typed.get(name) != "score":
        return ""
    return {"score": number(typed.get(f"{name}/score", "") or "50")}


def _show_effect(name: str, held: Any) -> Inputs:
    kind, value = next(iter(held.items()), ("at_most", "")) if isinstance(held, dict) else ("at_most", "")
    return {name: kind, f"{name}/value": str(value)}


def _read_effect(name: str, typed: Mapping[str, str]) -> Any:
    return {typed.get(name) or "at_most": number(typed.get(f"{name}/value", ""))}


def _show_levels(name: str, held: Any) -> Inputs:
    rows = held if isinstance(held, list) else []
    return {
        f"{name}/{at}/{part}": str(row.get(part) or "") if isinstance(row, dict) else ""
        for at, row in enumerate([*rows, *({} for _ in range(SPARE))])
        for part in ("score", "label", "help")
    }


def _read_levels(name: str, typed: Mapping[str, str]) -> Any:
    found = []
    for row in _rows(name, typed):
        parts = {part: typed.get(f"{row}/{part}", "").strip() for part in ("score", "label", "help")}
        if any(parts.values()):
            found.append(
                {"score": number(parts["score"]), "label": parts["label"]}
                | ({"help": parts["help"]} if parts["help"] else {})
            )
    return found or ""


def _show_shape(name: str, held: Any) -> Inputs:
    """The inputs of the shape that is chosen; the other shapes have none."""
    shape = next((one for one in SHAPES if isinstance(held, dict) and one in held), "")
    found = {name: shape}
    inner = held.get(shape) if isinstance(held, dict) else None
    if shape == "linear":
        found |= _pairs(
            name, [(one[0], one[1]) if isinstance(one, list) and len(one) == 2 else ("", "") for one in inner or []]
        )
    elif shape == "steps":
        rows = [one if isinstance(one, dict) else {} for one in inner or []]
        found |= _pairs(name, [(one.get("up_to"), one.get("score")) for one in rows])
    elif shape == "levels":
        levels = dict(inner) if isinstance(inner, dict) else {}
        rest = levels.pop("else", held.get("else"))
        found |= _pairs(name, list(levels.items())) | {f"{name}/else": str(rest or "")}
    elif shape == "percentile":
        inner = inner if isinstance(inner, dict) else {}
        found |= {f"{name}/within": str(inner.get("within") or "")}
        found |= _show_flag(f"{name}/descending", inner.get("descending", held.get("descending")))
    elif shape == "formula":
        found |= {f"{name}/formula": str(inner or "")}
    return found


def _read_shape(name: str, typed: Mapping[str, str]) -> Any:
    shape = typed.get(name, "")
    rows = [(typed.get(f"{row}/0", "").strip(), typed.get(f"{row}/1", "").strip()) for row in _rows(name, typed)]
    rows = [row for row in rows if any(row)]
    if shape == "linear":
        return {"linear": [[number(value), number(score)] for value, score in rows] or [[0, 0], [100, 100]]}
    if shape == "steps":
        steps = [({"up_to": number(value)} if value else {}) | {"score": number(score)} for value, score in rows]
        return {"steps": steps or [{"up_to": 0, "score": 0}, {"score": 100}]}
    if shape == "levels":
        rest = typed.get(f"{name}/else", "").strip()
        levels = {value: number(score) for value, score in rows} or {"true": 100, "false": 0}
        return {"levels": levels} | ({"else": number(rest)} if rest else {})
    if shape == "percentile":
        within = typed.get(f"{name}/within", "").strip()
        descending = {"descending": True} if typed.get(f"{name}/descending") else {}
        return {"percentile": ({"within": within} if within else {}) | descending}
    if shape == "formula":
        return {"formula": typed.get(f"{name}/formula", "").strip() or "value"}
    return ""


def _pairs(name: str, rows: list[tuple[Any, Any]]) -> Inputs:
    rows = [*rows, *([("", "")] * SPARE)]
    return {
        f"{name}/{at}/{place}": "" if one is None else str(one)
        for at, row in enumerate(rows)
        for place, one in enumerate(row)
    }


def _rows(name: str, typed: Mapping[str, str]) -> list[str]:
    """The names of the rows below a field, in order."""
    pattern = re.compile(rf"{re.escape(name)}/(\d+)/")
    numbers = {int(found[1]) for one in typed if (found := pattern.match(one))}
    return [f"{name}/{at}" for at in sorted(numbers)]


_SHOWN = {
    "flag": _show_flag, "list": _show_list, "missing": _show_missing, "effect": _show_effect, "levels": _show_levels,
    "shape": _show_shape,
}  # fmt: skip
_MEANT = {
    "number": _read_number, "flag": _read_flag, "list": _read_list, "missing": _read_missing, "effect": _read_effect,
    "levels": _read_levels, "shape": _read_shape,
}  # fmt: skip
