"""A dashboard as its editor shows it: what it says itself, its filters, and its widgets one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.apps.configuration.editing.fields import Field
from keepwell.apps.configuration.editing.pages import Asked
from keepwell.apps.configuration.editing.shown import Page, Showing, Shown
from keepwell.apps.dashboards.building.fields import WIDGETS, own_fields, widgets_of
from keepwell.apps.dashboards.building.form import DASHBOARD_FORM, known_of
from keepwell.apps.dashboards.building.parts import TITLES
from keepwell.apps.dashboards.building.shapes import NamedField
from keepwell.apps.dashboards.building.shown import Group, WidgetShown, group_shown, places_of, widget_shown


@dataclass(frozen=True)
class DashboardPage(Page):
    """`charts`: what another widget can be drawn as."""

    filters: Group
    widgets: Sequence[WidgetShown]
    charts: Sequence[tuple[str, str]]

    @property
    def inputs(self) -> list[Shown]:
        rows = [row for group in (*_groups(self.widgets), self.filters) for row in group.rows]
        own = [one for widget in self.widgets for one in (*widget.first, *widget.only, *widget.more)]
        return [*self.fields.values(), *own, *(one for row in rows for one in (*row.inputs, *row.more))]


def page_of(asked: Asked) -> DashboardPage:
    entry, known = asked.entry, known_of(asked.project, asked.name)
    fields = list(DASHBOARD_FORM.fields(entry))
    values = {**DASHBOARD_FORM.shown_of(entry), **(asked.typed or {})}
    places = [*places_of(fields, values), "widgets", *(f"widgets/{name}" for name in widgets_of(entry))]
    showing = Showing(DASHBOARD_FORM, asked.name, entry, asked.issues, known, asked.typed, parts=places, empty=_EMPTY)
    own = list(own_fields())
    return DashboardPage(
        name=asked.name,
        fields={one.name: showing.shown(one) for one in own if isinstance(one, Field)},
        parts=(),
        errors=[*showing.errors.get("", ()), *showing.errors.get("widgets", ())],
        elsewhere=tuple(showing.elsewhere),
        known=known,
        filters=next(group_shown(showing, one) for one in own if isinstance(one, NamedField)),
        widgets=[widget_shown(showing, (*WIDGETS, name), one) for name, one in widgets_of(entry).items()],
        charts=list(TITLES.items()),
    )


_EMPTY = {"where": "all accounts", "period": "90 days"}


def _groups(widgets: Sequence[WidgetShown]) -> list[Group]:
    return [group for widget in widgets for group in (*widget.apart, *widget.counted)]
