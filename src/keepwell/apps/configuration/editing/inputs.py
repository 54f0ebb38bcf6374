"""Which inputs a model of the language needs: one for each of its fields, whatever the model is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from keepwell.definitions.base import Definition

InputKind = Literal[
    "text", "long", "choice", "flag", "number", "expression", "scalar", "several", "rows", "lines", "chosen"
]

_LONG = ("text", "comment", "help")


@dataclass(frozen=True)
class Input:
    """A field of a model. `nullable`: nothing typed means null; else it is left out, or stands empty if required.
    Of a list, `several` is typed with commas between, `lines` one below the other, `chosen` ticked among `choices`.

    `default`: what it is where nothing is said, in the words of an input. `any`: true stands for any name.
    """

    key: str
    kind: InputKind
    help: str = ""
    required: bool = False
    nullable: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""
    example: str = ""
    any: bool = False

    @property
    def label(self) -> str:
        return self.key.replace("_", " ").capitalize()


@lru_cache(maxsize=64)
def inputs_of(model: type[Definition]) -> tuple[Input, ...]:
    """Inputs for the fields that are no models themselves, in the order in which the model has them."""
    schema = model.model_json_schema(by_alias=True)
    required = frozenset(schema.get("required", ()))
    return tuple(_inputs(schema["properties"], required))


def input_of(model: type[Definition], key: str) -> Input:
    return next(one for one in inputs_of(model) if one.key == key)


def _inputs(properties: Mapping[str, Any], required: frozenset[str]) -> Iterator[Input]:
    for key, said in properties.items():
        if "$ref" in str(said):
            continue  # a model, or a list of them
        ways = list(_ways(said))
        shapes = [one for one in ways if one.get("type") != "null"]
        any_name = any(one.get("const") is True for one in shapes)
        if all("const" in one for one in shapes):
            continue  # it says true, or which model it is, and nothing else
        yield Input(
            key=key,
            kind=_kind(key, [one for one in shapes if "const" not in one]),
            help=said.get("description", ""),
            required=key in required and not any_name,
            nullable=len(shapes) < len(ways) and key in required,
            choices=tuple(shapes[0].get("enum", ())),
            default=_default(said.get("default")),
            example=next((str(one["examples"][0]) for one in [said, *shapes] if one.get("examples")), ""),
            any=any_name,
        )


def _ways(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a value may be, each way alone."""
    if "anyOf" in said:
        for one in said["anyOf"]:
            yield from _ways(one)
    else:
        yield said


def _kind(key: str, shapes: list[Mapping[str, Any]]) -> InputKind:
    types = [one.get("type") for one in shapes]
    if "array" in types:
        return "several"
    if any(isinstance(one, list) for one in types):
        return "expression"
    if len(set(types)) > 1:
        return "scalar"
    if "enum" in shapes[0]:
        return "choice"
    found: dict[Any, InputKind] = {
        "array": "several", "object": "rows", "boolean": "flag", "number": "number", "integer": "number",
    }  # fmt: skip
    return found.get(types[0], "long" if key in _LONG else "text")


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value) if isinstance(value, str | int) else ""
