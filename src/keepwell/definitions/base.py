"""What every definition is: frozen, strict about types, and closed to keys it does not know."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from keepwell.definitions.expressions import Aggregate, Expression, ExpressionError, parse, parse_aggregate


class Definition(BaseModel):
    """The base of all parts of the language. Sequences are tuples, so that a definition can be shared freely."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        populate_by_name=True,
        arbitrary_types_allowed=True,
    )


class Documented(Definition):
    """A definition that people read: a title for pages and a text that helps."""

    title: str | None = Field(None, description="What pages call it; without one, its name")
    help: str | None = Field(None, description="What it means, for the people who read it")


def _expression(text: Any) -> Any:
    if isinstance(text, bool | int | float):
        text = str(text).lower() if isinstance(text, bool) else repr(text)
    if isinstance(text, dict):  # of which a model would make a node that means nothing
        raise ValueError("an expression is a text such as seats > 10, not a map")
    if not isinstance(text, str):
        return text
    try:
        return parse(text)
    except ExpressionError as error:
        raise ValueError(str(error)) from None


def _aggregate(text: Any) -> Any:
    if isinstance(text, dict):
        raise ValueError("an aggregate is a text such as sum(events), not a map")
    if not isinstance(text, str):
        return text
    try:
        return parse_aggregate(text)
    except ExpressionError as error:
        raise ValueError(str(error)) from None


ExpressionField = Annotated[
    Expression,
    BeforeValidator(_expression),
    PlainSerializer(str),
    WithJsonSchema({"type": ["string", "number", "boolean"], "description": "A SQL scalar expression"}),
]

AggregateField = Annotated[
    Aggregate,
    BeforeValidator(_aggregate),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "description": "An aggregate, such as count() or sum(amount)",
            "examples": ["count()", "sum(amount)"],
        }
    ),
]


class _OneOrSeveral:
    """Says in the JSON Schema that what is a list may be written as one of its items, or as one of some words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        listed = handler(core)
        item = {"anyOf": [listed["items"], {"enum": list(self._words)}]} if self._words else listed["items"]
        return {"anyOf": [item, {**listed, "items": item}]}


def one_or_several(*words: str) -> Any:
    """Marks a list that may be written as one item; items may also be one of `words`."""
    return _OneOrSeveral(words)


Weight = Annotated[float, Field(ge=0, description="A number >= 0; only its share of the sum counts")]
Score = Annotated[float, Field(ge=0, le=100, description="A score from 0 to 100")]
