"""Every chart and table as rows for a file: whole, with units in its header, and what it means above it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from django.http import HttpResponse, QueryDict

from keepwell.apps.adoption import reading
from keepwell.apps.adoption.asking import Choice, Scope
from keepwell.apps.adoption.steps import path_of, steps_of
from keepwell.apps.adoption.words import SAYS
from keepwell.apps.customers.exporting import safe
from keepwell.engine.adoption.funnels import Step


@dataclass(frozen=True)
class Table:
    """`columns` say the unit where a number has one; shares are 0..1, as programs want them."""

    columns: tuple[str, ...]
    rows: Iterable[Iterable[Any]]


Build = Callable[[Scope, Choice, QueryDict], Table]


def active(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    found = reading.active_of(scope, choice["by"])  # type: ignore[arg-type]
    sticky = found.stickiness().tolist()
    rows = zip(found.dates, *(counts.tolist() for counts in found.counts.values()), map(_known, sticky), strict=True)
    return Table(("day", "daily", "weekly", "monthly", "stickiness"), list(rows)[-choice.number("days") :])


def lifecycle(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    found = reading.lifecycle_of(scope, choice["by"], choice["period"])  # type: ignore[arg-type]
    names = ("new", "returning", "resurrected", "dormant")
    columns = (getattr(found, name).tolist() for name in names)
    rows = zip(found.starts_on, *columns, found.partial, strict=True)
    return Table((f"{choice['period']}_from", *names, "partial"), rows)


def accounts(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    names = ("account", "name", "events", "active_days", "monthly", "weekly", "daily", "stickiness", "breadth", "depth",
             "seats", "utilisation", "last_day")  # fmt: skip
    titles = {"monthly": "people", "weekly": "people_7_days", "daily": "people_last_day", "depth": "events_per_person",
              "breadth": "features", "utilisation": "seats_in_use"}  # fmt: skip
    first = {row["account"]: row["days"] for row in reading.first_value_of(scope)}
    rows = reading.use_of(scope, choice.number("window"))
    return Table(
        (*(titles.get(name, name) for name in names), "days_to_first_use"),
        ([*(row[name] for name in names), first.get(row["account"])] for row in rows),
    )


def reach(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    names = ("feature", "accounts", "account_reach", "people", "people_reach", "events")
    return Table(names, ([row[name] for name in names] for row in reading.reach_of(scope, choice.number("window"))))


def matrix(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    """A row a cell: a file of rows is easier to read on than one of hundreds of columns."""
    names = ("account", "feature", "people", "events", "last_day")
    return Table(names, ([row[name] for name in names] for row in reading.matrix_of(scope, choice.number("window"))))


def overall(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    found = reading.retention_of(scope, choice["by"], choice["period"], 12)  # type: ignore[arg-type]
    both = (found.overall(cumulative=later, partial=False) for later in (False, True))
    rows = (
        (k, size, there, there / size, later, later / size)
        for (k, size, there), (_, _, later) in zip(*both, strict=True)
        if size
    )
    period = choice["period"]
    return Table((f"{period}s_after", "could_be_there", "active", "share", "active_then_or_later", "share_later"), rows)


def cohorts(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    found = reading.retention_of(scope, choice["by"], choice["period"], 12)  # type: ignore[arg-type]
    cells = (
        (day, int(found.size[at]), k, int(found.recurring[at, k]), int(found.cumulative[at, k]),
         not found.over[at, k])
        for at, day in enumerate(found.cohorts) if found.size[at]
        for k in range(found.recurring.shape[1]) if found.known[at, k]
    )  # fmt: skip
    return Table(("cohort_from", "size", f"{choice['period']}s_after", "active", "cumulative", "partial"), cells)


def funnel(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    steps, _ = steps_of(scope, given.getlist("step"))
    found = (
        reading.funnel_of(scope, steps, days=choice.number("days"), within=choice.number("within"),
                          by=choice["by"], by_segment=choice["segments"] == "yes")  # type: ignore[arg-type]
        if steps else []
    )  # fmt: skip
    whom = "accounts" if choice["by"] == "account" else "people"
    rows = ((one.segment, _step(one.step), one.people, one.of_previous, one.of_first) for one in found)
    return Table(("segment", "step", whom, "share_of_step_before", "share_of_first"), rows)


def paths(scope: Scope, choice: Choice, given: QueryDict) -> Table:
    asked = path_of(scope, choice, given)
    return Table(("step", "from", "to", "people"), ((one.level + 1, one.source, one.target, one.people)
                                                    for one in asked.links))  # fmt: skip


TABLES: Mapping[str, Mapping[str, Build]] = {
    "overview": {"active": active, "lifecycle": lifecycle},
    "accounts": {"accounts": accounts},
    "features": {"reach": reach, "matrix": matrix},
    "retention": {"overall": overall, "cohorts": cohorts},
    "funnels": {"funnel": funnel},
    "paths": {"paths": paths},
}
"""By report and name, as addresses give them: ?format=csv&table=active."""


def file_of(name: str, table: Table, scope: Scope, choice: Choice) -> HttpResponse:
    """Lines of what it means, each behind a #, then header and rows."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    parts = ["usage", name, scope.segment or scope.account, scope.as_of.isoformat()]
    file = re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(part for part in parts if part))
    response["Content-Disposition"] = f'attachment; filename="{file}.csv"'
    response.write(f"# {SAYS[name]}\r\n# {_about(scope, choice)}\r\n")
    writer = csv.writer(response)
    writer.writerow(table.columns)
    writer.writerows([safe(cell) for cell in row] for row in table.rows)
    return response


def _about(scope: Scope, choice: Choice) -> str:
    whom = f"account {scope.account}" if scope.account else f"{len(scope.accounts)} accounts"
    segment = f" of the segment {scope.segment}" if scope.segment else ""
    partial = ", a day that is not over" if scope.partial else ""
    chosen = "; ".join(f"{name} {value}" for name, value in choice.chosen.items())
    return f"{whom}{segment}, data up to {scope.as_of}{partial}; {chosen}"


def _step(step: Step) -> str:
    return f"{'feature' if step.is_feature else 'event'}:{step.name}"


def _known(value: float) -> float | None:
    return None if isnan(value) else round(value, 6)
