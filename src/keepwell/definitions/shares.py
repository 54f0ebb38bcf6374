"""Shares as people write them: `10%` or `0.1`."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

_PERCENT = re.compile(r"\s*(\d{1,3}(?:\.\d{1,4})?)\s*%\s*")


def parse_share(value: Any) -> Any:
    """The share meant by `10%`; numbers are left as they are. Raises ValueError for any other text."""
    if isinstance(value, str):
        found = _PERCENT.fullmatch(value)
        if found is None:
            raise ValueError(f"'{value}' is not a share; write 10% or 0.1")
        return float(found[1]) / 100
    return value


def share_schema(most: float) -> WithJsonSchema:
    """What the JSON Schema says of a share that is at most `most`."""
    text = {"type": "string", "pattern": _PERCENT.pattern, "examples": ["10%"]}
    return WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": most}, text]})


Sample = Annotated[float, BeforeValidator(parse_share), Field(gt=0, le=1), share_schema(1)]
"""A share of people, more than none and at most all."""
