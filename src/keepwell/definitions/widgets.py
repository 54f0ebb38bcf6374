"""Widgets of dashboards: what each chart shows of a dataset of the catalogue."""

from __future__ import annotations

from typing import Annotated, Literal, Union

from pydantic import Field, Tag, model_validator

from keepwell.definitions.base import Documented, ExpressionField
from keepwell.definitions.by_key import chosen_by, known_at
from keepwell.definitions.durations import Days
from keepwell.definitions.names import Name
from keepwell.definitions.periods import PeriodField
from keepwell.definitions.widget_parts import (
    Dimension,
    DimensionField,
    MeasureField,
    Measures,
    OrderField,
    Place,
    ReportMeasure,
)

Chart = Literal[
    "number", "line", "bar", "stacked", "heatmap", "distribution", "funnel", "cohort", "table", "scatter", "sankey"
]
Compare = Literal["previous_period"]
COUNT = ReportMeasure.model_validate({"aggregate": "count()"})
_Limit = Annotated[int, Field(ge=1, le=10_000)]


class WidgetBase(Documented):
    """What every widget has."""

    chart: Chart = Field(description="What it is drawn as")
    dataset: Name = Field(description="The rows it is about: a dataset of the catalogue, such as `accounts`")
    where: ExpressionField | None = Field(None, description="Only rows where this is true; null counts as false")
    period: PeriodField | None = Field(
        None, description="Only rows of this time; that of the dashboard unless said here"
    )
    drill: tuple[ExpressionField, ...] = Field(
        (), max_length=30, description="What is shown of the rows behind a value; what it reads unless said here"
    )
    place: Place | None = Field(None, description="Where it stands in the grid; behind the one before unless said here")


class NumberWidget(WidgetBase):
    """One number, and how it has changed."""

    chart: Literal["number"] = Field(description="One number, and how it has changed")
    measure: MeasureField = Field(description="The number")
    measures: dict[Name, MeasureField] = Field(
        default_factory=dict, max_length=20, description="What a formula under `measure` names"
    )
    compare: Compare | None = Field(None, description="What it is compared with")


class _Grouped(WidgetBase):
    measures: Measures = Field(description="The numbers, by name")
    order: OrderField | None = Field(
        None, description="A measure, or a dimension by its key; times by themselves, others by the first measure, desc"
    )
    limit: _Limit = Field(20, description="So many at most")


class LineWidget(WidgetBase):
    """Numbers over time."""

    chart: Literal["line"] = Field(description="Numbers over time")
    by: DimensionField = Field(description="The time, with a grain")
    measures: Measures = Field(description="The numbers, by name; one, where there is a `split`")
    split: DimensionField | None = Field(None, description="A line for each value of this")
    limit: _Limit = Field(8, description="So many lines at most, the largest")
    compare: Compare | None = Field(None, description="What it is compared with")

    @model_validator(mode="after")
    def _fits_together(self) -> LineWidget:
        _refuse(_of_time(self.by, "a line goes over time"), _one_measure(self.measures, self.split))
        return self


class BarWidget(_Grouped):
    """Numbers beside each other."""

    chart: Literal["bar"] = Field(description="Numbers beside each other")
    by: DimensionField = Field(description="What there is a bar for")
    compare: Compare | None = Field(None, description="What it is compared with")


class StackedWidget(_Grouped):
    """Parts of a whole."""

    chart: Literal["stacked"] = Field(description="Parts of a whole")
    by: DimensionField = Field(description="What there is a bar for")
    split: DimensionField = Field(description="What its parts are")
    share: bool = Field(False, description="Each bar as a whole, its parts as shares of it")

    @model_validator(mode="after")
    def _fits_together(self) -> StackedWidget:
        _refuse(_one_measure(self.measures, self.split))
        return self


class HeatmapWidget(_Grouped):
    """A number for each cell: of two dimensions, or of one and several measures, such as accounts by measures."""

    chart: Literal["heatmap"] = Field(description="A number for each cell")
    rows: DimensionField = Field(description="What there is a row for")
    columns: DimensionField | None = Field(
        None, description="What there is a column for; the measures unless said here"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> HeatmapWidget:
        _refuse(_one_measure(self.measures, self.columns))
        return self


class DistributionWidget(WidgetBase):
    """How a number is spread."""

    chart: Literal["distribution"] = Field(description="How a number is spread")
    of: ExpressionField = Field(description="The number, of each row")
    bins: Annotated[int, Field(ge=2, le=100)] = Field(10, description="About so many, between round numbers")
    width: Annotated[float, Field(gt=0)] | None = Field(None, description="How wide each is, instead of how many")
    measure: MeasureField = Field(COUNT, description="What is counted in each; rows unless said here")


class FunnelStep(Documented):
    """One step."""

    where: ExpressionField = Field(description="The step is reached by a row where this is true")


class FunnelWidget(WidgetBase):
    """How many get how far."""

    chart: Literal["funnel"] = Field(description="How many get how far")
    steps: Annotated[dict[Name, FunnelStep], Field(min_length=2, max_length=12)] = Field(
        description="The steps, in this order; where rows have a time, each at or after the one before"
    )
    of: ExpressionField | None = Field(None, description="Who goes through them; the account unless said here")
    within: Days | None = Field(None, description="The last step at most so long after the first")


class CohortWidget(WidgetBase):
    """Who is still there, of those who began together."""

    chart: Literal["cohort"] = Field(description="Who is still there, of those who began together")
    start: ExpressionField = Field(description="An expression over accounts: the day they began, such as `started_at`")
    grain: Literal["week", "month", "quarter"] = Field("month", description="Who began in the same one are a cohort")
    periods: Annotated[int, Field(ge=1, le=60)] = Field(12, description="So many periods after the first")


class TableWidget(WidgetBase):
    """Rows: totals of dimensions where there are measures, the rows themselves where there are none."""

    chart: Literal["table"] = Field(description="Rows of figures")
    columns: Annotated[dict[Name, DimensionField], Field(min_length=1, max_length=40)] = Field(
        description="Dimensions, by name"
    )
    measures: dict[Name, MeasureField] = Field(default_factory=dict, max_length=20, description="The numbers, by name")
    order: OrderField | None = Field(None, description="A column or measure by name; by the columns unless said here")
    limit: _Limit = Field(100, description="So many rows at most")


class ScatterWidget(WidgetBase):
    """A point for each account, or for each value of another dimension."""

    chart: Literal["scatter"] = Field(description="A point for each account or other dimension")
    by: DimensionField | None = Field(None, description="What there is a point for; the account unless said here")
    x: MeasureField = Field(description="How far to the right, such as `max(arr)`")
    y: MeasureField = Field(description="How far up")
    size: MeasureField | None = Field(None, description="How large")
    color: DimensionField | None = Field(None, description="Of which color; points of several are several")
    limit: _Limit = Field(2_000, description="So many points at most")


class SankeyWidget(WidgetBase):
    """Moves between the values of a dimension, such as bands, from before the period to its end."""

    chart: Literal["sankey"] = Field(description="Moves from before the period to its end")
    of: DimensionField = Field(
        Dimension.model_validate({"of": "label"}), description="What accounts move between; bands unless said here"
    )
    measure: MeasureField = Field(
        COUNT, description="What flows: an aggregate over the accounts, such as `sum(arr)`; their number unless said"
    )


def _of_time(dimension: Dimension, why: str) -> str | None:
    return None if dimension.grain else f"{why}; give 'by' a grain: day, week, month or quarter"


def _one_measure(measures: dict[str, ReportMeasure], split: Dimension | None) -> str | None:
    drawn = len(measures)
    if split is None or drawn == 1 or sum(one.formula is not None for one in measures.values()) == 1:
        return None
    return f"of two dimensions one measure is shown, and there are {drawn}; leave one, or one formula of the others"


def _refuse(*problems: str | None) -> None:
    if found := [one for one in problems if one]:
        raise ValueError("; ".join(found))


_WIDGETS: dict[str, type[WidgetBase]] = {
    "number": NumberWidget,
    "line": LineWidget,
    "bar": BarWidget,
    "stacked": StackedWidget,
    "heatmap": HeatmapWidget,
    "distribution": DistributionWidget,
    "funnel": FunnelWidget,
    "cohort": CohortWidget,
    "table": TableWidget,
    "scatter": ScatterWidget,
    "sankey": SankeyWidget,
}
CHARTS = tuple(_WIDGETS)


def widget_model(chart: str) -> type[WidgetBase]:
    """What a widget of a chart may say. Raises KeyError for a chart that there is none of."""
    return _WIDGETS[chart]


Widget = Annotated[
    Union[  # noqa: UP007 - a discriminated union is written this way
        Annotated[NumberWidget, Tag("widget number")],
        Annotated[LineWidget, Tag("widget line")],
        Annotated[BarWidget, Tag("widget bar")],
        Annotated[StackedWidget, Tag("widget stacked")],
        Annotated[HeatmapWidget, Tag("widget heatmap")],
        Annotated[DistributionWidget, Tag("widget distribution")],
        Annotated[FunnelWidget, Tag("widget funnel")],
        Annotated[CohortWidget, Tag("widget cohort")],
        Annotated[TableWidget, Tag("widget table")],
        Annotated[ScatterWidget, Tag("widget scatter")],
        Annotated[SankeyWidget, Tag("widget sankey")],
    ],
    chosen_by("chart", "widget", _WIDGETS, error=f"a widget has a chart, one of {', '.join(_WIDGETS)}"),
    known_at("chart", "chart", _WIDGETS),
]
