"""Dashboards: widgets on a page, with what filters all of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from keepwell.definitions.base import Definition, Documented, ExpressionField, one_or_several
from keepwell.definitions.names import Name
from keepwell.definitions.periods import PeriodField, parse_period
from keepwell.definitions.widgets import Widget

Role = Literal["viewer", "csm", "manager", "admin"]
DEFAULT_PERIOD = parse_period("90 days")


def _several(value: object) -> object:
    return value if isinstance(value, tuple | list) else (value,)


class PageFilter(Definition):
    """Something to filter the page by: values to choose from, or a condition to switch on."""

    title: str | None = Field(None, description="What the page calls it; its name unless said here")
    of: ExpressionField | None = Field(
        None, description="An expression over accounts, whose values are to choose from, such as `segment`"
    )
    where: ExpressionField | None = Field(
        None, description="Instead of it: a condition over accounts to switch on, such as `label = 'red'`"
    )
    chosen: tuple[str, ...] = Field((), max_length=100, description="With `of`: the values chosen at first")
    on: bool = Field(False, description="With `where`: whether it is on at first")

    @model_validator(mode="after")
    def _is_one_of_both(self) -> PageFilter:
        if (self.of is None) == (self.where is None):
            raise ValueError("a filter has either 'of', whose values are chosen from, or a condition under 'where'")
        if self.chosen and self.of is None:
            raise ValueError("'chosen' are values of an 'of'; a condition is switched on with on: true")
        if self.on and self.where is None:
            raise ValueError("'on' is for conditions; the values of 'of' are chosen with 'chosen'")
        return self


class Dashboard(Documented):
    """Widgets on a page."""

    roles: Annotated[tuple[Role, ...], BeforeValidator(_several), one_or_several()] = Field(
        (),
        description="Roles that it is shared with, one or several; all unless said here; who configures sees all",
    )
    order: int = Field(0, description="Dashboards are listed from the lowest order up, of the same order by name")
    period: PeriodField = Field(
        DEFAULT_PERIOD, description="The time it shows, unless a widget or the reader says other"
    )
    where: ExpressionField | None = Field(
        None, description="Only accounts where this is true, in all its widgets; all unless said here"
    )
    filters: dict[Name, PageFilter] = Field(
        default_factory=dict, max_length=20, description="What readers may filter the page by, by name"
    )
    widgets: Annotated[dict[Name, Widget], Field(min_length=1, max_length=40)] = Field(
        description="Its widgets, by name, in this order"
    )
