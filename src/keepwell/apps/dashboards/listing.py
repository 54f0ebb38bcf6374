"""Rows behind a value for the page: each leads to its account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.queries import visible
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.apps.dashboards.drawing.picture import Cell, with_words
from keepwell.apps.dashboards.drawing.tones import tones_of
from keepwell.apps.dashboards.drawing.words import said
from keepwell.apps.dashboards.showing import point_words
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.charts.columns import spoken
from keepwell.engine.reporting.results import Result


def listed(actor: Actor, shown: Shown, widget: WidgetBase, result: Result, point: Mapping[str, Any]) -> dict[str, Any]:
    """`rows`: each with its account as it stands now, and what else is known of it."""
    result = _without_name(shown, result)
    found = result.rows.to_pylist()
    first = result.columns[0].name if result.columns else ""
    ids = {row[first] for row in found}
    accounts = visible(actor).select_related("health").in_bulk([one for one in ids if one])
    tones = tones_of(shown.project)
    bands = frozenset(one.name for one in result.columns if one.title.split(" ")[0] == "Label")
    result = with_words(result, bands)
    lines = [
        (
            accounts.get(row[first]),
            [
                Cell(
                    said(one, row[one.name]), isinstance(row[one.name], int | float),
                    tones.get(str(row[one.name]), "none") if one.name in bands and row[one.name] else "",
                )
                for one in result.columns[1:]
            ],
        )
        for row in found
    ]  # fmt: skip
    return {"rows": lines, "heads": result.columns[1:], "point": point_words(widget, point), "accounts": len(ids)}


def _without_name(shown: Shown, result: Result) -> Result:
    """The name of the account stands before the row already."""
    accounts = shown.project.with_role("accounts")
    name = spoken(accounts[1].name) if accounts is not None and accounts[1].name else ""
    kept = tuple(one for one in result.columns if one.title != name)
    return replace(result, columns=kept, rows=result.rows.select([one.name for one in kept]))
