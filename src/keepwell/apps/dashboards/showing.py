"""What a page of a dashboard has around its widgets: chips of filters, the time, where each widget stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.apps.dashboards.addresses import CROSS, FILTER, as_query, without
from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.arranging.grid import laid_out
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.apps.dashboards.drawing.picture import title_of
from keepwell.apps.dashboards.drawing.points import encoded
from keepwell.apps.dashboards.drawing.tones import band_keys
from keepwell.apps.dashboards.drawing.words import time_said
from keepwell.definitions.expressions import Name
from keepwell.definitions.widget_reading import dimensions
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.charts.columns import dimension_title, spoken

PERIODS = (
    "7 days", "30 days", "90 days", "6 months", "12 months", "this_month", "last_month", "this_quarter",
    "last_quarter", "this_year", "last_year", "all",
)  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """A filter of the page. `values`: what is chosen of one with values; `is_switch`: one that is on or off."""

    name: str
    title: str
    field: str
    is_switch: bool
    is_on: bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """Something that narrows the page and can be taken away again. `hidden`: its fields in the form."""

    words: str
    address: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Stand:
    """Where a widget stands, from 1 as style sheets count."""

    name: str
    title: str
    help: str
    chart: str
    x: int
    y: int
    w: int
    h: int


def chips(shown: Shown, asked: AskedInPage) -> list[Chip]:
    found = []
    for name, one in shown.dashboard.filters.items():
        values = one.chosen if asked.chosen is None else asked.chosen.get(name, ())
        is_on = one.on if asked.chosen is None else name in asked.chosen
        title = one.title or spoken(name)
        found.append(Chip(name, title, FILTER + name, one.where is not None, is_on or bool(values), tuple(values)))
    return found


def taken(shown: Shown, asked: AskedInPage) -> Iterator[Taken]:
    """Expressions that were written, and points that were clicked on."""
    for text in asked.where:
        yield Taken(text, without(asked, where=text), (("where", text),))
    for name, point in asked.crossed.items():
        widget = shown.dashboard.widgets.get(name)
        hidden = tuple((f"{CROSS}{name}.{key}", encoded(value)) for key, value in point.items())
        yield Taken(point_words(widget, point), without(asked, crossed=name), hidden)


def point_words(widget: WidgetBase | None, point: Mapping[str, Any]) -> str:
    """Band: red, Month: Oct 2026."""
    heads = _heads(widget) if widget is not None else {}
    return ", ".join(f"{heads.get(key) or spoken(key)}: {_value(value)}" for key, value in point.items())


def _heads(widget: WidgetBase) -> dict[str, str]:
    """What the parts of a point are called."""
    if widget.chart == "sankey":
        return {"source": "From", "target": "To"}
    known = {str(path[-1]): dimension_title(one) for path, one in dimensions(widget).items()}
    bands = {key: "Band" for key in band_keys(widget) if known.get(key) == "Label"}
    return {"from": "From", "to": "Up to", "point": "Account"} | known | bands


def _value(value: Any) -> str:
    if value is None:
        return "none"
    return time_said(value) if hasattr(value, "isoformat") else f"{value:g}" if isinstance(value, float) else str(value)


def stands(shown: Shown) -> list[Stand]:
    """Widgets from the upper left."""
    places, found = laid_out(shown.dashboard.widgets), []
    for name, widget in shown.dashboard.widgets.items():
        at = places[name]
        found.append(
            Stand(name, title_of(name, widget), widget.help or "", widget.chart, at.x + 1, at.y + 1, at.w, at.h)
        )
    return sorted(found, key=lambda one: (one.y, one.x))


def layout(shown: Shown) -> str:
    """Where widgets stand, as a style sheet; on narrow screens they stand below each other in the same order."""
    rules = (f"#w-{one.name}{{grid-area:{one.y}/{one.x}/span {one.h}/span {one.w}}}" for one in stands(shown))
    return "@media (min-width:721px){" + "".join(rules) + "}"


def periods(shown: Shown, asked: AskedInPage) -> list[tuple[str, str, bool]]:
    """Periods to choose from: value, words, chosen."""
    own = str(shown.dashboard.period)
    found = [("", f"{own.replace('_', ' ')} (as it is)", not asked.period)]
    if asked.period and asked.period not in PERIODS:
        found.append((asked.period, asked.period, True))
    return found + [(one, one.replace("_", " "), asked.period == one) for one in PERIODS if one != own]


def completed_names(shown: Shown) -> list[dict[str, str]]:
    """What an expression over accounts may name, for completion."""
    project = shown.project
    accounts = project.with_role("accounts")
    named = [str(Name((one,))) for one in (*project.metrics, *_attributes(accounts))]
    known = ["score", "label", "scorecard", "coverage", *named]
    return [{"name": one, "kind": "of accounts", "doc": "", "place": "expression"} for one in dict.fromkeys(known)]


def _attributes(accounts: Any) -> list[str]:
    options = ("name", "arr", "renews_on", "stage", "owner", "started_at")
    return [found for one in options if accounts and isinstance(found := getattr(accounts[1], one, None), str)]


def address(shown: Shown, asked: AskedInPage) -> str:
    query = as_query(asked)
    return f"/dashboards/{shown.key}/" + (f"?{query}" if query else "")
