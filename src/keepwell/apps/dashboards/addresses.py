"""What somebody asks of a page, in its address: every state of a dashboard has a link that can be shared.

`period`, `compare` (yes or no), `where` (again for each), `f.NAME` (again for each value; `on` for a condition),
`x.WIDGET.KEY` for what was clicked on. `set` says that the filters are those of the address, not the dashboard's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.drawing.points import decoded, encoded

FILTER, CROSS, SET = "f.", "x.", "set"
_COMPARE = {"yes": True, "no": False}
_MOST = 20


def asked_in(query: QueryDict) -> AskedInPage:
    """Raises FieldRefused for what cannot be read."""
    chosen: dict[str, tuple[str, ...]] = {
        name.removeprefix(FILTER): tuple(value for value in values if value != "on")
        for name, values in query.lists()
        if name.startswith(FILTER)
    }
    return AskedInPage(
        period=query.get("period", "").strip(),
        chosen=chosen if chosen or SET in query else None,
        where=tuple(text.strip() for text in query.getlist("where")[:_MOST] if text.strip()),
        crossed=_crossed(query),
        compare=_COMPARE.get(query.get("compare", "")),
    )


def _crossed(query: QueryDict) -> dict[str, Mapping[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, value in query.items():
        widget, dot, key = name.removeprefix(CROSS).rpartition(".")
        if name.startswith(CROSS) and dot:
            found.setdefault(widget, {})[key] = decoded(str(value))
    return dict(found)


def as_query(asked: AskedInPage) -> str:
    """The address again."""
    pairs = [("period", asked.period)] if asked.period else []
    pairs += [] if asked.compare is None else [("compare", "yes" if asked.compare else "no")]
    if asked.chosen is not None:
        pairs.append((SET, "1"))
        pairs += [(FILTER + name, value) for name, values in asked.chosen.items() for value in values or ("on",)]
    pairs += [("where", text) for text in asked.where]
    pairs += _of_points(asked.crossed)
    return urlencode(pairs)


def _of_points(crossed: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for widget, point in crossed.items():
        for key, value in point.items():
            yield f"{CROSS}{widget}.{key}", encoded(value)


def without(asked: AskedInPage, *, where: str = "", crossed: str = "") -> str:
    """The address with one expression, or what was clicked on in one widget, taken away."""
    return as_query(
        replace(
            asked,
            where=tuple(text for text in asked.where if text != where),
            crossed={name: point for name, point in asked.crossed.items() if name != crossed},
        )
    )
