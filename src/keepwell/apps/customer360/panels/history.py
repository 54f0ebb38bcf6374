"""The score over time: as it was shown, as it is restated, with the marks of new versions; as chart, table and CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.customer360.explained import current_state
from keepwell.apps.customer360.marks import Events, Mark, events_of, marks_of
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customer360.panels.reach import scheme_of
from keepwell.apps.customers.models import Account
from keepwell.apps.health.place import lake
from keepwell.definitions.schemes import Scheme
from keepwell.lake.history import Basis, read_scores

_COLUMNS = ("entity_kind", "as_of", "final_score", "label", "scorecard", "version", "overrides")


@dataclass(frozen=True)
class Point:
    """One date: what was shown then, and what is said of that date now. `mark`: what began to hold with it."""

    day: date
    shown: float | None
    shown_label: str
    restated: float | None
    restated_label: str
    scorecard: str
    version: str
    overrides: tuple[str, ...]
    mark: str = ""


def view(request: HttpRequest, account: Account) -> HttpResponse:
    points = points_of(account)
    if request.GET.get("format") == "csv":
        return _csv(account, points)
    state = current_state(account)
    scheme = scheme_of(state, account) if state else None
    found = events_of(actor_of(request), account, points[0].day, request.GET.get("events", "")) if points else None
    marks = _marks(points, found) if found else []
    context = {
        "account": account,
        "points": points[::-1],
        "marks": [point for point in points if point.mark][::-1],
        "restated": any(point.shown != point.restated for point in points),
        "option": option(points, scheme, marks) if len(points) > 1 else None,
        "events": found,
        "event_marks": marks,
    }
    return render(request, "customer360/panels/history.html", context)


def _marks(points: Sequence[Point], found: Events) -> list[Mark]:
    """From the first score to the last, or to what happened since."""
    return marks_of(found.events, points[0].day, max([points[-1].day, *(one.day for one in found.events)]))


def points_of(account: Account) -> list[Point]:
    """Every date with a score, the oldest first."""
    shown, restated = _by_day(account, "as_shown"), _by_day(account, "restated")
    points: list[Point] = []
    for day, row in sorted(shown.items()):
        now = restated.get(day, row)
        mark = _mark(points[-1] if points else None, row)
        points.append(
            Point(
                day, row["final_score"], row["label"], now["final_score"], now["label"], row["scorecard"] or "",
                (row["version"] or "")[:8], tuple(row["overrides"] or ()), mark,
            )
        )  # fmt: skip
    return points


def _by_day(account: Account, basis: Basis) -> dict[date, dict[str, Any]]:
    table = read_scores(lake(), basis=basis, accounts=[account.pk], columns=list(_COLUMNS))
    return {row["as_of"]: row for row in table.to_pylist() if row["entity_kind"] == "account"}


def _mark(before: Point | None, row: dict[str, Any]) -> str:
    if before is None:
        return ""
    if before.scorecard != (row["scorecard"] or ""):
        return f"card {row['scorecard']}"
    return "new version" if before.version != (row["version"] or "")[:8] else ""


def option(points: Sequence[Point], scheme: Scheme | None, marks: Sequence[Mark] = ()) -> dict[str, Any]:
    """The chart, for the island: colours are names of tokens, gaps are nulls."""
    series = [_line("As shown", points, "shown", "token:accent", "solid")]
    if any(point.shown != point.restated for point in points):
        series.append(_line("Restated", points, "restated", "token:ink-2", "dashed"))
    series[0]["markLine"] = {
        "symbol": "none",
        "silent": True,
        "data": [*_bands(scheme), *_versions(points), *_happened(marks)],
    }
    last = max([points[-1].day, *(mark.day for mark in marks)])
    return {
        "xAxis": {"type": "time", "min": points[0].day.isoformat(), "max": last.isoformat()},
        "yAxis": {"type": "value", "min": 0, "max": 100},
        "grid": {"left": 36, "right": 84, "top": 24, "bottom": 28},
        "series": series,
    }


def _line(name: str, points: Sequence[Point], field: str, color: str, kind: str) -> dict[str, Any]:
    return {
        "type": "line",
        "name": name,
        "data": with_gaps([(point.day, getattr(point, field)) for point in points]),
        "connectNulls": False,
        "showSymbol": len(points) < 30,
        "symbolSize": 5,
        "color": color,
        "lineStyle": {"width": 2 if kind == "solid" else 1.5, "type": kind},
        "endLabel": {"show": True, "formatter": name, "color": color},
    }


def with_gaps(values: Sequence[tuple[date, float | None]]) -> list[list[Any]]:
    """[[day, score or null]]; where dates lie wider apart than usual a null between them breaks the line."""
    apart = [(later - earlier).days for (earlier, _), (later, _) in pairwise(values)]
    usual = median(apart) if apart else 0
    found: list[list[Any]] = []
    for place, (day, score) in enumerate(values):
        if place and apart[place - 1] > 1.5 * usual:
            found.append([(values[place - 1][0] + timedelta(days=1)).isoformat(), None])
        found.append([day.isoformat(), None if score is None else round(score, 2)])
    return found


def _bands(scheme: Scheme | None) -> list[dict[str, Any]]:
    label = {"position": "end", "color": "token:ink-2", "fontSize": 11}
    return [
        {"yAxis": band.up_to, "label": {**label, "formatter": f"{band.label} to {band.up_to:g}"},
         "lineStyle": {"color": "token:line", "type": "solid"}}
        for band in (scheme.bands[:-1] if scheme else ())
    ]  # fmt: skip


def _versions(points: Sequence[Point]) -> list[dict[str, Any]]:
    return [
        {"xAxis": point.day.isoformat(), "label": {"formatter": point.mark, "color": "token:ink-2", "fontSize": 11},
         "lineStyle": {"color": "token:ink-2", "type": "dotted"}}
        for point in points if point.mark
    ]  # fmt: skip


def _happened(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """A thin line up from each mark below the chart, which has the words."""
    return [
        {"xAxis": mark.day.isoformat(), "label": {"show": False}, "lineStyle": {"color": "token:line", "type": "solid"}}
        for mark in marks
    ]


def _csv(account: Account, points: Sequence[Point]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="score-history.csv"'
    writer = csv.writer(response)
    writer.writerow(
        ["account_id", "as_of", "as_shown", "label", "restated", "restated_label", "scorecard", "version", "overrides"]
    )
    for one in points:
        row = (one.day, one.shown, one.shown_label, one.restated, one.restated_label, one.scorecard, one.version)
        writer.writerow([account.pk, *("" if cell is None else cell for cell in row), " ".join(one.overrides)])
    return response


PANEL = Panel("history", "History", view)
