"""What widgets of dashboards are made of: dimensions, measures, the order of rows, and a place on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from keepwell.definitions.base import AggregateField, Definition, ExpressionField
from keepwell.definitions.names import Name

Grain = Literal["day", "week", "month", "quarter"]
GRAINS: tuple[str, ...] = get_args(Grain)
COLUMNS = 12
"""How many columns the grid of a dashboard has."""


class _OrText:
    """Says in the JSON Schema that a text may stand for the map."""

    def __init__(self, *examples: str) -> None:
        self._examples = list(examples)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "examples": self._examples}, handler(core)]}


class Place(Definition):
    """Where a widget stands in the grid of 12 columns, counted from the upper left."""

    x: Annotated[int, Field(ge=0, lt=COLUMNS)] = Field(0, description="The first column, from 0")
    y: Annotated[int, Field(ge=0, le=1000)] = Field(0, description="The first row, from 0")
    w: Annotated[int, Field(ge=1, le=COLUMNS)] = Field(4, description="How many columns it is wide")
    h: Annotated[int, Field(ge=1, le=50)] = Field(3, description="How many rows it is high")

    @model_validator(mode="after")
    def _is_in_the_grid(self) -> Place:
        if self.x + self.w > COLUMNS:
            raise ValueError(f"it ends in column {self.x + self.w} of {COLUMNS}; make 'x' or 'w' smaller")
        return self


class Dimension(Definition):
    """What rows are told apart by. A text alone is its `of`, or its `grain`."""

    of: ExpressionField | None = Field(
        None, description="An expression over the rows; with a grain, the time of the dataset unless said here"
    )
    grain: Grain | None = Field(
        None, description="Times by the day, week (from Monday), month or quarter they lie in, in the project's zone"
    )
    title: str | None = Field(None, description="What it is called; the expression unless said here")

    @model_validator(mode="after")
    def _says_something(self) -> Dimension:
        if self.of is None and self.grain is None:
            raise ValueError("a dimension needs 'of', an expression, or a 'grain' of the dataset's time")
        return self


def _dimension(value: Any) -> Any:
    if isinstance(value, str):
        return {"grain": value} if value in GRAINS else {"of": value}
    return value


DimensionField = Annotated[Dimension, BeforeValidator(_dimension), _OrText("segment", "account.owner", "month")]


class ReportMeasure(Definition):
    """A number over rows: an aggregate, or a formula of other measures beside it. A text alone is its `aggregate`."""

    aggregate: AggregateField | None = Field(None, description="An aggregate over the rows, such as `sum(arr)`")
    where: ExpressionField | None = Field(None, description="Only rows where this is true; null counts as false")
    formula: ExpressionField | None = Field(
        None, description="Instead of an aggregate: an expression of the other measures, such as `lost / decided`"
    )
    title: str | None = Field(None, description="What it is called; its name unless said here")
    unit: str | None = Field(None, description="What it is counted in, such as `EUR`, `hours`, or `%`, a share of 1")
    good: Literal["up", "down"] | None = Field(None, description="Which change is a good one, where either is")

    @model_validator(mode="after")
    def _is_one_of_both(self) -> ReportMeasure:
        if (self.aggregate is None) == (self.formula is None):
            raise ValueError("a measure has either an 'aggregate' over rows or a 'formula' of other measures")
        if self.formula is not None and self.where is not None:
            raise ValueError("'where' chooses rows for an aggregate; put it on the measures that the formula names")
        return self


def _measure(value: Any) -> Any:
    return {"aggregate": value} if isinstance(value, str) else value


MeasureField = Annotated[ReportMeasure, BeforeValidator(_measure), _OrText("count()", "sum(arr)")]
Measures = Annotated[dict[Name, MeasureField], Field(min_length=1, max_length=20)]

_ORDER = re.compile(r"\s*([a-z][a-z0-9_]*)(?:\s+(asc|desc))?\s*")


@dataclass(frozen=True)
class Order:
    """Rows by a dimension or measure, the smallest first unless `descending`; null last either way."""

    by: str
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.by} desc" if self.descending else self.by


def _order(text: Any) -> Any:
    if isinstance(text, Order):
        return text
    found = _ORDER.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"'{text}' is not an order; write the name of a measure or dimension, such as arr desc")
    return Order(found[1], found[2] == "desc")


OrderField = Annotated[
    Order,
    BeforeValidator(_order),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^ *[a-z][a-z0-9_]*( +(asc|desc))? *$", "examples": ["arr desc"]}),
]
