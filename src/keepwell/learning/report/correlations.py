"""The second half of the page: what goes together with leaving and staying."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keepwell.learning.report.charts import rate_bars
from keepwell.learning.report.markup import (
    bullets,
    coded,
    folded,
    grid,
    heading,
    interval,
    paragraph,
    percent,
    table,
    tile,
)

_SHOWN = 6
"""Curves that stand open: of the metrics that tell most."""


def correlations(report: dict[str, Any]) -> Iterator[str]:
    """Curves, lags, clusters, sticky features and patterns."""
    found, numbers = report["correlation"], report["outcomes"]["numbers"]
    base = numbers["lost"] / numbers["observations"] if numbers["observations"] else None
    yield heading("What goes together with leaving")
    yield paragraph("None of this says by itself what makes customers stay; it says where to look.", "soft")
    yield from _curves(found["curves"], found["lags"], base)
    yield from _clusters(found["clusters"])
    yield from _sticky(found)
    yield from _patterns(found["patterns"])


def _curves(curves: list[dict[str, Any]], lags: dict[str, Any], base: float | None) -> Iterator[str]:
    yield heading("Each metric and measure", 3)
    rows = [
        (
            one["name"],
            one["kind"],
            *_numbers(one),
            *_lagged(lags.get(one["name"], []) if one["kind"] == "metric" else []),
        )
        for one in curves
    ]
    head = ("Name", "Kind", "AUC", "Interval", "Information value", "30 days earlier", "60", "90")
    yield table(head, rows, (2, 3, 5, 6, 7))
    yield paragraph(
        "AUC: how often an account that leaves has the lower value; far below 0.5, low values are the good ones.",
        "soft",
    )
    yield paragraph(
        "Loss rate by slice, lowest values first, with 95 % intervals; the dashed line is the rate of all.", "soft"
    )
    yield grid(tile(f"{one['name']} ({one['kind']})", _bars(one, base)) for one in _foremost(curves))
    yield folded("Every slice of each in numbers", "".join(_slices(one, base) for one in curves))


def _numbers(one: dict[str, Any]) -> tuple[str, str, str]:
    if one["reason"]:
        return "unknown", "", one["reason"]
    area = "" if one["auc"] is None else f"{one['auc']:.3f}"
    return area, interval(one["auc_low"], one["auc_high"]), f"{one['information_value']:.2f}, {one['strength']}"


def _lagged(lags: list[dict[str, Any]]) -> tuple[str, ...]:
    by_days = {one["days"]: one["auc"] for one in lags}
    return tuple("" if by_days.get(days) is None else f"{by_days[days]:.3f}" for days in (30, 60, 90))


def _foremost(curves: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Measures show the same as the metrics behind them."""
    metrics = [one for one in curves if one["kind"] == "metric" and one["reason"] is None]
    return (metrics or curves)[:_SHOWN]


def _bars(one: dict[str, Any], base: float | None) -> str:
    slices = [(each["label"], each["rate"]) for each in one["slices"]]
    ends = f"{slices[0][0]} … {slices[-1][0]}" if len(slices) > 1 else ""
    return rate_bars([(label, rate["value"], rate["low"], rate["high"]) for label, rate in slices], base) + coded(
        "Values", ends
    )


def _slices(one: dict[str, Any], base: float | None) -> str:
    slices = [(each["label"], each["rate"]) for each in one["slices"]]
    rows = [
        (str(place), label, f"{rate['observations']:,}", f"{rate['lost']:,}", percent(rate["value"]), _percents(rate))
        for place, (label, rate) in enumerate(slices, start=1)
    ]
    head = ("", "Value", "Observations", "Lost", "Loss rate", "Interval")
    bars = rate_bars([(label, rate["value"], rate["low"], rate["high"]) for label, rate in slices], base)
    return heading(f"{one['name']} ({one['kind']})", 4) + bars + table(head, rows, (2, 3, 4, 5))


def _clusters(clusters: list[dict[str, Any]]) -> Iterator[str]:
    yield heading("Metrics that say the same", 3)
    if not clusters:
        yield paragraph("No two metrics rank accounts alike.")
        return
    yield paragraph("One of each of these is enough; which of them matters cannot be told apart well.", "soft")
    yield bullets(f"{', '.join(one['members'])} (mean rank correlation {one['correlation']:.2f})" for one in clusters)


def _sticky(found: dict[str, Any]) -> Iterator[str]:
    yield heading("Sticky features", 3)
    if found["no_features"]:
        yield paragraph(f"Not known: {found['no_features']}.")
        return
    yield paragraph(
        "Loss rates of accounts that used a feature in a stretch of four weeks before, and of those that did not; by "
        "when: how soon after the start taking it up separates accounts that stay from those that leave most clearly, "
        "among accounts that started within the data. Accounts that take to a product use more of it: that a feature "
        "is sticky does not say that it keeps them."
    )
    rows = [
        (
            one["feature"],
            percent(one["using"]["value"]),
            percent(one["not_using"]["value"]),
            _points(one["difference"]),
            "yes" if one["difference"] and one["difference"]["high"] < 0 else "not shown",
            "not shown" if one["by_when"] is None else f"day {one['by_when']}",
        )
        for one in found["sticky_features"]
    ]
    yield table(("Feature", "Using", "Not using", "Difference in points", "Sticky", "By when"), rows, (1, 2, 3))


def _patterns(patterns: list[dict[str, Any]]) -> Iterator[str]:
    yield heading("Advocacy, adoption and outcomes", 3)
    if not patterns:
        yield paragraph("No metric counts advocacy beside one that shows adoption, so nothing can be said.")
    for one in patterns:
        yield paragraph(f"{one['advocacy']}: {one['words']}")
        rows = [
            (
                f"{one['adoption']} {cell['adoption']}",
                "yes" if cell["is_advocate"] else "no",
                f"{cell['rate']['accounts']:,}",
                percent(cell["rate"]["value"]),
                _percents(cell["rate"]),
            )
            for cell in one["cells"]
        ]
        yield table(("Adoption", "Advocate", "Accounts", "Loss rate", "Interval"), rows, (2, 3, 4))


def _percents(rate: dict[str, Any]) -> str:
    return "" if rate["low"] is None else f"{percent(rate['low'])} to {percent(rate['high'])}"


def _points(difference: dict[str, Any] | None) -> str:
    if difference is None:
        return "too few accounts"
    return f"{100 * difference['value']:+.1f} ({100 * difference['low']:+.1f} to {100 * difference['high']:+.1f})"
