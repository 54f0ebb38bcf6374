"""Metrics: one value per account (or relationship) and date."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import Discriminator, Field, Tag, model_validator

from keepwell.definitions.base import AggregateField, Documented, ExpressionField
from keepwell.definitions.datasets import Column
from keepwell.definitions.durations import Days
from keepwell.definitions.names import Name

OVERALL_SCORE = "overall_score"
"""What `children` may name instead of a metric: the final scores of the children."""


class MetricBase(Documented):
    """What all metrics have."""

    unit: str | None = Field(None, description="The unit shown beside the value, such as % or hours")


class AttributeMetric(MetricBase):
    """A column of the accounts (relationships) dataset."""

    attribute: Column = Field(description="The column to read")


class AggregateMetric(MetricBase):
    """An aggregate over the rows of a dataset."""

    dataset: Name = Field(description="The dataset whose rows are read; not the accounts themselves")
    aggregate: AggregateField = Field(description="One value from many rows, such as `count()` or `sum(amount)`")
    where: ExpressionField | None = Field(None, description="Only rows for which this is true; null counts as false")
    window: Days | None = Field(None, description="Only the last N days, the as-of date included; without it, all days")
    empty: Literal["zero", "null"] | None = Field(
        None, description="What no rows give; counts, sums and days give 0 unless this says null"
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_a_word(cls, data: Any) -> Any:
        if isinstance(data, dict) and "empty" in data and data["empty"] is None:
            return {**data, "empty": "null"}
        return data

    @model_validator(mode="after")
    def _empty_fits(self) -> AggregateMetric:
        if self.empty == "zero" and self.aggregate.function not in ZERO_WHEN_EMPTY:
            raise ValueError(f"{self.aggregate.function}() over no rows is null; 'empty: zero' does not fit it")
        return self

    @property
    def zero_when_empty(self) -> bool:
        """No rows, or nulls alone, give 0; otherwise null."""
        return self.aggregate.function in ZERO_WHEN_EMPTY and self.empty != "null"


ZERO_WHEN_EMPTY = frozenset({"count", "count_distinct", "sum", "days_active", "distinct_days"})


class ChangeMetric(MetricBase):
    """A metric's value at a date against its value some days before, both as known now."""

    change_of: Name = Field(description="The metric that is compared with itself; it gives numbers")
    over: Days = Field(description="How many days lie between the two values")
    as_: Literal["difference", "ratio", "percent"] = Field(
        "difference",
        alias="as",
        description="difference: new - old; ratio: new / old; percent: 100 (new - old) / |old|",
    )


class FormulaMetric(MetricBase):
    """An expression over metrics and attributes."""

    formula: ExpressionField = Field(description="A bare name is the metric of that name, else the attribute")


class ChildrenMetric(MetricBase):
    """An aggregate over the direct children in the population."""

    children: Name = Field(description="A metric of the children, or `overall_score`: their final scores")
    of: Literal["accounts", "relationships"] = Field(description="Which children")
    aggregate: Literal["sum", "avg", "min", "max", "weighted_avg"] = Field(
        description="How their values become one; nulls are left out"
    )
    weight: Name | None = Field(
        None, description="With weighted_avg: a metric or attribute of the children; null and 0 are left out"
    )

    @model_validator(mode="after")
    def _weight_goes_with_weighted_avg(self) -> ChildrenMetric:
        if (self.aggregate == "weighted_avg") != (self.weight is not None):
            raise ValueError("'weight' and 'aggregate: weighted_avg' go together")
        return self


_KINDS = {
    "attribute": AttributeMetric,
    "dataset": AggregateMetric,
    "change_of": ChangeMetric,
    "formula": FormulaMetric,
    "children": ChildrenMetric,
}


def _kind_of(data: Any) -> str | None:
    if isinstance(data, MetricBase):
        return next(f"metric by {kind}" for kind, model in _KINDS.items() if isinstance(data, model))
    named = [kind for kind in _KINDS if isinstance(data, dict) and kind in data]
    if not named and isinstance(data, dict) and "aggregate" in data:
        named = ["dataset"]
    return f"metric by {named[0]}" if len(named) == 1 else None


Metric = Annotated[
    Union[  # noqa: UP007 - a discriminated union is written this way
        Annotated[AttributeMetric, Tag("metric by attribute")],
        Annotated[AggregateMetric, Tag("metric by dataset")],
        Annotated[ChangeMetric, Tag("metric by change_of")],
        Annotated[FormulaMetric, Tag("metric by formula")],
        Annotated[ChildrenMetric, Tag("metric by children")],
    ],
    Discriminator(
        _kind_of,
        custom_error_type="metric_kind",
        custom_error_message="a metric has exactly one of attribute, dataset, change_of, formula, children",
    ),
]
