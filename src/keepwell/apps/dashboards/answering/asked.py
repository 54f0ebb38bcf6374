"""What somebody asks of a page: its filters, its time, and what they clicked on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from keepwell.apps.dashboards.answering.crossing import condition_of
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.definitions.expressions import Expression, parse
from keepwell.definitions.names import unknown
from keepwell.definitions.periods import Period, parse_period
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.filtering import chosen_conditions
from keepwell.errors import FieldRefused, InputError


@dataclass(frozen=True)
class AskedInPage:
    """`chosen`: values by filter (none for a condition that is switched on); None: as the dashboard has them at first.

    `where`: expressions over accounts, all of which must be true. `crossed`: by widget the point of it that somebody
    clicked on, which narrows all the others. `compare`: with the period before, in all widgets that can (True), in
    none (False), or as each says (None).
    """

    period: str = ""
    chosen: Mapping[str, tuple[str, ...]] | None = None
    where: tuple[str, ...] = ()
    crossed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    compare: bool | None = None


def engine_asks(shown: Shown, asked: AskedInPage, day: date, now: datetime, widget: str | None = None) -> Asked:
    """The same for the engine, without the reader's sight. What was clicked on in `widget` does not narrow itself.

    Raises FieldRefused, with the name of the field, for what the dashboard does not have or that cannot be read.
    """
    conditions = (*_chosen(shown, asked), *_written(asked), *_crossed(shown, asked, widget))
    return Asked(day, known_at=now, period=period_of(asked), conditions=conditions)


def period_of(asked: AskedInPage) -> Period | None:
    """None: that of the dashboard. Raises FieldRefused."""
    try:
        return parse_period(asked.period) if asked.period else None
    except ValueError as error:
        raise FieldRefused("period", str(error)) from None


def _chosen(shown: Shown, asked: AskedInPage) -> tuple[Expression, ...]:
    try:
        return chosen_conditions(shown.dashboard, asked.chosen)
    except InputError as error:
        raise FieldRefused("filter", str(error)) from None


def _written(asked: AskedInPage) -> Iterator[Expression]:
    for text in asked.where:
        try:
            yield parse(text)
        except InputError as error:
            raise FieldRefused("where", str(error)) from None


def _crossed(shown: Shown, asked: AskedInPage, widget: str | None) -> Iterator[Expression]:
    for name, point in asked.crossed.items():
        if name not in shown.dashboard.widgets:
            raise FieldRefused("crossed", unknown("widget", name, shown.dashboard.widgets))
        condition = condition_of(shown.project, shown.dashboard.widgets[name], point)
        if condition is None:
            raise FieldRefused("crossed", f"what '{name}' shows is not of accounts, and narrows nothing else")
        if name != widget:
            yield condition
