"""The types of values in expressions."""

from __future__ import annotations

from enum import StrEnum


class ValueType(StrEnum):
    """What a value is. `UNKNOWN` fits all until columns are known; `NULL`, the literal null, fits every type."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    UNKNOWN = "unknown"
    NULL = "null"

    @property
    def is_open(self) -> bool:
        """Whether it fits every type."""
        return self in (ValueType.UNKNOWN, ValueType.NULL)

    @property
    def is_temporal(self) -> bool:
        return self in (ValueType.DATE, ValueType.TIMESTAMP)


SPELLINGS: dict[str, ValueType] = {
    **dict.fromkeys(("number", "double", "float", "real", "float8", "decimal", "numeric"), ValueType.NUMBER),
    **dict.fromkeys(("text", "varchar", "string", "char"), ValueType.TEXT),
    **dict.fromkeys(("boolean", "bool"), ValueType.BOOLEAN),
    "date": ValueType.DATE,
}
"""The types that `cast` accepts, by their SQL spellings. Whole numbers are none: the cast would cut off fractions."""

WHOLE_NUMBER_SPELLINGS = frozenset({"int", "integer", "bigint", "smallint", "tinyint", "int4", "int8", "int64", "long"})


def common_type(types: list[ValueType]) -> ValueType | None:
    """The one type of `types`: a date beside timestamps is a timestamp; None where they do not fit each other."""
    known = {one for one in types if not one.is_open}
    if not known:
        return ValueType.UNKNOWN if ValueType.UNKNOWN in types else ValueType.NULL
    if known == {ValueType.DATE, ValueType.TIMESTAMP}:
        return ValueType.TIMESTAMP
    return known.pop() if len(known) == 1 else None
