"""What metrics in force say of accounts at a date, built as a run builds them."""

from __future__ import annotations

from datetime import date
from typing import Any

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.place import opened
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.moments import moment
from keepwell.engine.values import EntityValues


def account_values(as_of: date) -> EntityValues:
    """Every metric of every account."""
    project = current_project()
    assert project is not None
    with opened(project) as data:
        bind(project, data)
        (values,) = build_values(project, data, [moment(as_of, "UTC")])
    return values.accounts


def of_acme(as_of: date, *names: str) -> tuple[Any, ...]:
    """These metrics of one account."""
    values = account_values(as_of)
    row = values.ids.to_pylist().index("acme")
    return tuple(values.metrics[name][row].as_py() for name in names)
