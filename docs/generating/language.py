"""Tables of the expression language, from the one table of functions that parsing and compiling read too."""

from __future__ import annotations

from generating.tables import sentence, table
from keepwell.definitions.expressions.functions import (
    AGGREGATES,
    FUNCTIONS,
    SPECIAL_FUNCTIONS,
    AggregateSpec,
    FunctionSpec,
    Kind,
)
from keepwell.definitions.expressions.types import SPELLINGS, ValueType

_ARGUMENTS = {
    Kind.NUMBER: "number", Kind.TEXT: "text", Kind.DAY: "date", Kind.SAME: "value", Kind.ANY: "value",
    Kind.ORDERED: "value", Kind.UNIT: "'day' or 'month'", Kind.DIGITS: "digits",
}  # fmt: skip


def functions() -> str:
    """A row a function: how it is called, what it gives, and when it is null."""
    rows = [(f"`{_call(spec)}`", _result(spec.result), sentence(spec.doc), _nulls(spec)) for spec in FUNCTIONS.values()]
    return table(("function", "gives", "what it is", "null"), rows)


def aggregates() -> str:
    rows = [(f"`{_aggregate(spec)}`", _result(spec.result), sentence(spec.doc)) for spec in AGGREGATES.values()]
    return table(("aggregate", "gives", "what it is"), rows)


def special() -> str:
    lines = (text.split(": ", 1) for text in SPECIAL_FUNCTIONS.values())
    return "\n".join(f"- `{call}`: {about}." for call, about in lines)


def casts() -> str:
    """The names of types, each with its other spellings."""
    kinds: dict[ValueType, list[str]] = {}
    for spelling, kind in SPELLINGS.items():
        kinds.setdefault(kind, []).append(f"`{spelling}`")
    return table(("type", "spellings"), [(f"{kind}", ", ".join(names)) for kind, names in kinds.items()])


def _call(spec: FunctionSpec) -> str:
    arguments = [_ARGUMENTS[kind] for kind in spec.arguments]
    if spec.repeats:
        arguments.append("...")
    given = ", ".join(arguments[: len(arguments) - spec.optional])
    optional = "".join(f"[, {argument}]" for argument in arguments[len(arguments) - spec.optional :])
    return f"{spec.name}({given}{optional})"


def _aggregate(spec: AggregateSpec) -> str:
    argument = "" if spec.argument is None else _ARGUMENTS[spec.argument]
    return f"{spec.name}({f'[{argument}]' if spec.optional else argument})"


def _result(result: ValueType | None) -> str:
    return str(result) if result else "what it is given"


def _nulls(spec: FunctionSpec) -> str:
    nulls = sentence(spec.nulls.removeprefix("null "))
    return f"{nulls} {sentence(spec.faults)}" if spec.faults else nulls
