"""Filters of a page as conditions over accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keepwell.definitions.dashboards import Dashboard, PageFilter
from keepwell.definitions.expressions import Binary, Cast, Expression, InList, IsNull, Literal, ValueType
from keepwell.definitions.names import unknown
from keepwell.errors import RequestRefused

NOTHING = ""
"""What is chosen to see accounts without a value."""


def chosen_conditions(
    dashboard: Dashboard, chosen: Mapping[str, Sequence[str]] | None = None
) -> tuple[Expression, ...]:
    """The conditions of filters by name: values of `of`, or none for a condition that is switched on.

    `chosen` None: those that the dashboard has on at first. A filter that is not named is off. Raises RequestRefused
    for a filter that the dashboard does not have, or that is given what it does not take.
    """
    chosen = chosen_at_first(dashboard) if chosen is None else chosen
    return tuple(_condition(dashboard, name, values) for name, values in chosen.items())


def chosen_at_first(dashboard: Dashboard) -> dict[str, tuple[str, ...]]:
    """The filters that are on before anybody chooses, with their values."""
    return {name: tuple(one.chosen) for name, one in dashboard.filters.items() if one.chosen or one.on}


def _condition(dashboard: Dashboard, name: str, values: Sequence[str]) -> Expression:
    found = dashboard.filters.get(name)
    if found is None:
        raise RequestRefused(unknown("filter", name, dashboard.filters))
    if found.where is not None:
        if values:
            raise RequestRefused(f"the filter '{name}' is switched on, and takes no value; leave out '={values[0]}'")
        return found.where
    if not values:
        raise RequestRefused(f"the filter '{name}' takes values; write {name}=VALUE")
    return _is_one_of(found, values)


def _is_one_of(found: PageFilter, values: Sequence[str]) -> Expression:
    """Values are compared as texts, as they are chosen from a list; an empty one stands for accounts without any."""
    assert found.of is not None
    known = tuple(Literal(value) for value in values if value != NOTHING)
    tests: list[Expression] = [InList(Cast(found.of, ValueType.TEXT), known)] if known else []
    if NOTHING in values:
        tests.append(IsNull(found.of))
    return tests[0] if len(tests) == 1 else Binary("or", tests[0], tests[1])
