"""The pages of usage: who is active, which features, who stays, funnels, paths, first value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import isnan
from statistics import median
from typing import Any

from django.http import HttpRequest

from keepwell.apps.adoption import drawing, reading
from keepwell.apps.adoption.asking import BYS, DAYS, Choice, Scope
from keepwell.apps.adoption.steps import path_of, steps_of
from keepwell.apps.adoption.titles import in_words, titles_of
from keepwell.apps.adoption.views.asked import Report

_BY_WORDS = {"by": "Count", "by:person": "people", "by:account": "accounts"}
_PERIOD_WORDS = {"period": "By", "period:day": "days", "period:week": "weeks", "period:month": "months"}
_DAY_WORDS = {"days": "Look back", **{f"days:{days}": f"{days} days" for days in DAYS}}
_WINDOW = (28, 7, 90)
_WINDOW_WORDS = {"window": "Within", **{f"window:{days}": f"{days} days" for days in _WINDOW}}
SHOWN, SHOWN_WIDE = 100, 50
Shown = Mapping[str, Any]


def overview(scope: Scope, choice: Choice, request: HttpRequest) -> Shown:
    by, days = choice["by"], choice.number("days")
    found = reading.active_of(scope, by)  # type: ignore[arg-type]
    life = reading.lifecycle_of(scope, by, choice["period"])  # type: ignore[arg-type]
    sticky = found.stickiness()
    before = max(len(found.dates) - 29, 0)
    figures = [
        (name, int(found.counts[window][-1]), int(found.counts[window][-1] - found.counts[window][before]))
        for name, window in (("Daily", 1), ("Weekly", 7), ("Monthly", 28))
    ]
    rows = list(zip(found.dates, *(counts.tolist() for counts in found.counts.values()),
                    map(drawing.share, sticky.tolist()), strict=True))  # fmt: skip
    mean = _mean([one for one in sticky[-28:].tolist() if not isnan(one)])
    kinds = zip(life.starts_on, life.new.tolist(), life.returning.tolist(), life.resurrected.tolist(),
                life.dormant.tolist(), life.partial, strict=True)  # fmt: skip
    return {
        "figures": figures, "stickiness": drawing.share(mean), "rows": rows[-days:][::-1], "by": by,
        "option": drawing.active_option(found, days), "life_option": drawing.lifecycle_option(life, 26),
        "life": list(kinds)[-26:][::-1], "anybody": bool(found.counts[28].any()), "compared": found.dates[before],
        "lost": _lost(scope),
    }  # fmt: skip


def _lost(scope: Scope) -> dict[str, int] | None:
    """Events that name no account count nowhere; who sees all accounts is told of them."""
    if not scope.sees_all or scope.segment or scope.account:
        return None
    without, events = reading.nobodys_of(scope)
    return {"without": without, "events": events} if without else None


def accounts(scope: Scope, choice: Choice, request: HttpRequest) -> Shown:
    rows = reading.use_of(scope, choice.number("window"))
    order = {"monthly": "monthly", "least": "monthly", "breadth": "breadth", "utilisation": "utilisation"}
    column = order[choice["sort"]]
    known = [row for row in rows if row[column] is not None]
    rest = [row for row in rows if row[column] is None]
    rows = [*sorted(known, key=lambda row: row[column], reverse=choice["sort"] != "least"), *rest]
    first = {row["account"]: row["days"] for row in reading.first_value_of(scope)}
    shown = [
        {**row, "stickiness": drawing.share(row["stickiness"]), "utilisation": drawing.share(row["utilisation"]),
         "first": first.get(row["account"])}
        for row in rows[:SHOWN]
    ]  # fmt: skip
    reached = [days for days in first.values() if days is not None]
    return {
        "rows": shown, "more": len(rows) - len(shown), "used": sum(row["events"] > 0 for row in rows),
        "all": len(rows), "median": median(reached) if reached else None, "reached": len(reached),
    }  # fmt: skip


def features(scope: Scope, choice: Choice, request: HttpRequest) -> Shown:
    window = choice.number("window")
    reach = reading.reach_of(scope, window)
    titles = titles_of(scope.project)
    columns = [row["feature"] for row in reach]
    used = sorted((row for row in reading.use_of(scope, window) if row["breadth"]),
                  key=lambda row: (-row["breadth"], row["name"]))  # fmt: skip
    cells: dict[str, dict[str, int]] = defaultdict(dict)
    for row in reading.matrix_of(scope, window, [row["account"] for row in used[:SHOWN_WIDE]]):
        cells[row["account"]][row["feature"]] = row["people"]
    most = {row["feature"]: row["most_people"] for row in reach}
    matrix = [
        {"account": row["account"], "name": row["name"], "breadth": row["breadth"],
         "cells": [(cells[row["account"]].get(name), _level(cells[row["account"]].get(name), most[name]))
                   for name in columns]}
        for row in used[:SHOWN_WIDE]
    ]  # fmt: skip
    unused = [(name, titles[name]) for name in scope.project.features if name not in columns]
    return {
        "reach": [{**row, "title": titles.get(row["feature"]) or in_words(row["feature"]),
                   "accounts_share": drawing.share(row["account_reach"]),
                   "people_share": drawing.share(row["people_reach"])} for row in reach],
        "matrix": matrix, "more": len(used) - len(matrix), "unused": unused,
        "option": drawing.reach_option(reach, titles) if reach else None, "account": scope.account,
    }  # fmt: skip


def _level(people: int | None, most: int) -> int:
    """A shade from 0 (nobody) to 4, relative to the account with most people on that feature."""
    return 0 if not people else min(4, 1 + (4 * people - 1) // max(most, 1))


def retention(scope: Scope, choice: Choice, request: HttpRequest) -> Shown:
    found = reading.retention_of(scope, choice["by"], choice["period"], 12)  # type: ignore[arg-type]
    later = choice["kind"] == "cumulative"
    rates = found.rates(cumulative=later)
    counts = found.cumulative if later else found.recurring
    rows = [
        {"cohort": found.cohorts[at], "size": int(found.size[at]),
         "cells": [(drawing.share(rates[at, k]), int(counts[at, k]), int(rates[at, k] * 4.999) if rates[at, k] else 0,
                    not found.over[at, k]) if found.known[at, k] else None for k in range(counts.shape[1])]}
        for at in range(len(found.cohorts)) if found.size[at]
    ]  # fmt: skip
    overall = [
        (k, size, there, drawing.share(there / size if size else None))
        for k, size, there in found.overall(cumulative=later, partial=False)
    ]
    return {
        "rows": rows[-26:][::-1], "overall": overall, "width": range(counts.shape[1]), "period": choice["period"],
        "by": choice["by"], "later": later, "option": drawing.retention_option(found) if rows else None,
    }  # fmt: skip


def funnels(scope: Scope, choice: Choice, request: HttpRequest) -> Shown:
    events, names = reading.names_of(scope)
    steps, wrong = steps_of(scope, request.GET.getlist("step"))
    by_segment = choice["segments"] == "yes"
    found = (
        reading.funnel_of(scope, steps, days=choice.number("days"), within=choice.number("within"),
                          by=choice["by"], by_segment=by_segment)  # type: ignore[arg-type]
        if steps else []
    )  # fmt: skip
    titles = titles_of(scope.project)
    rows = [
        {"segment": one.segment, "name": titles.get(one.step.name, one.step.name) if one.step.is_feature
         else one.step.name, "is_feature": one.step.is_feature, "people": one.people,
         "of_previous": drawing.share(one.of_previous), "of_first": drawing.share(one.of_first),
         "width": round(100 * (one.of_first or 0))}
        for one in found
    ]  # fmt: skip
    asked = [("feature:" if step.is_feature else "event:") + step.name for step in steps]
    return {
        "rows": rows if any(one.people for one in found) else [], "asked": [*asked, "", ""][: max(len(asked) + 1, 3)],
        "events": events, "features": [(name, titles.get(name, name)) for name in names], "by": choice["by"],
        "exact": scope.source.exact, "by_segment": by_segment, "within": choice.number("within"), "wrong": wrong,
    }  # fmt: skip


def paths(scope: Scope, choice: Choice, request: HttpRequest) -> Shown:
    found, towards = path_of(scope, choice, request.GET), choice["direction"] == "towards"
    return {
        "event": found.event, "offered": found.offered, "links": found.links, "towards": towards,
        "option": drawing.sankey_option(found.links, towards=towards), "exact": scope.source.exact,
        "wrong": found.wrong,
    }  # fmt: skip


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


REPORTS = {
    one.name: one
    for one in (
        Report("overview", "Adoption", overview, {"by": BYS, "days": (90, 28, 180, 365), "period": ("week", "month")},
               {**_BY_WORDS, **_DAY_WORDS, **_PERIOD_WORDS, "period": "Lifecycle by"}),
        Report("accounts", "Accounts", accounts,
               {"window": _WINDOW, "sort": ("monthly", "least", "breadth", "utilisation")},
               {**_WINDOW_WORDS, "sort": "Order", "sort:monthly": "most people first",
                "sort:least": "fewest people first", "sort:breadth": "most features first",
                "sort:utilisation": "fullest licences first"}),
        Report("features", "Features", features, {"window": _WINDOW}, _WINDOW_WORDS),
        Report("retention", "Retention", retention,
               {"by": BYS, "period": ("week", "month", "day"), "kind": ("recurring", "cumulative")},
               {**_BY_WORDS, **_PERIOD_WORDS, "kind": "There", "kind:recurring": "in the period itself",
                "kind:cumulative": "then or later"}),
        Report("funnels", "Funnels", funnels,
               {"by": BYS, "days": DAYS, "within": (7, 1, 14, 28, 90), "segments": ("no", "yes")},
               {**_BY_WORDS, **_DAY_WORDS, "within": "All steps within", "segments": "By segment",
                **{f"within:{days}": f"{days} day{'s' if days > 1 else ''}" for days in (7, 1, 14, 28, 90)}}),
        Report("paths", "Paths", paths,
               {"direction": ("from", "towards"), "days": (28, 90), "depth": (3, 2, 4)},
               {**_DAY_WORDS, "direction": "Way", "direction:from": "from the event",
                "direction:towards": "to the event",
                "depth": "Steps"}),
    )
}  # fmt: skip
