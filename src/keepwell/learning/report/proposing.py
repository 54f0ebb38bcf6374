"""The first half of the page: what the draft changes, whether it tells more, and whom it would move."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from keepwell.learning.asides import told
from keepwell.learning.optimizer.card_yaml import flow
from keepwell.learning.report.charts import score_lines, share_ranges
from keepwell.learning.report.markup import (
    bullets,
    coded,
    figure,
    folded,
    grid,
    heading,
    interval,
    paragraph,
    table,
    tile,
)

_FIGURES = {
    "auc": ("AUC", "how often an account that left scored below one that stayed; 0.5 is chance"),
    "average_precision": ("Average precision", "how pure the list of the lowest scores is, read from the top"),
    "top_decile_lift": ("Top-decile lift", "losses among the lowest tenth of scores, times the average"),
    "brier": ("Brier", "mean squared error of the chance of loss; lower is better"),
}
_MOST_MOVERS = 200


def units(report: dict[str, Any]) -> str:
    """What was counted: everybody on a grid of dates is looked at several times before one outcome."""
    return "observations" if report["outcomes"]["way"] == "on_grid" else "outcomes"


def changes(report: dict[str, Any]) -> Iterator[str]:
    """Measures with their shares, then how each scores, now and in the draft."""
    yield heading("What changes, and why")
    found = report["changes"]
    yield share_ranges([(one["name"], one["old_share"], one["new_share"], one["low"], one["high"]) for one in found])
    yield paragraph(
        "Shares of the card in per cent: ring now, dot in the draft, bar its 95 % interval over other draws of "
        "accounts, with thresholds and measures as they are.",
        "soft",
    )
    rows = [
        (_title(one), one["group"], _share(one["old_share"]), _share(one["new_share"]), _range(one), one["why"])
        for one in found
    ]
    yield table(("Measure", "Group", "Now", "Draft", "Interval", "Why"), rows, (2, 3, 4))
    yield heading("How values score", 3)
    yield paragraph("Dashed now, solid in the draft. Measures that are dropped are not shown.", "soft")
    yield grid(tile(_title(one), _scoring(one)) for one in found if one["kind"] != "dropped")


def held_out(report: dict[str, Any]) -> Iterator[str]:
    """Figures of both cards on accounts that were not learned from."""
    found = report["held_out"]
    numbers = found["numbers"]
    yield heading("Does it tell more?")
    since = f", from {found['since']} on" if found["since"] else ""
    yield paragraph(
        f"Judged by {numbers['observations']:,} {units(report)} of {numbers['accounts']:,} accounts{since}, "
        f"{numbers['lost']:,} of them losses. Each was scored by a card that was made in the same way from "
        f"outcomes of other accounts{' of an earlier time' if since else ''} ({found['folds']} folds), so none is "
        "judged by a card that knew it. The draft itself is learned from all outcomes."
    )
    rows = [
        (name, figure(pair["old"]), figure(pair["new"]), figure(pair["difference"]), what)
        for key, (name, what) in _FIGURES.items()
        for pair in [found["figures"][key]]
    ]
    yield table(("Figure", "Now", "Draft", "Difference", "What it is"), rows)


def bands_and_moves(report: dict[str, Any]) -> Iterator[str]:
    """Edges of bands, totals by band, and the accounts that would move."""
    bands, moves = report["bands"], report["moves"]
    yield heading("Who would move")
    if bands["labels"] and bands["old"] != bands["new"]:
        yield paragraph(
            "The draft has a scale of its own, so its bands are drawn anew, each to hold about as many accounts as now."
        )
        rows = zip(bands["labels"], bands["old"], bands["new"], strict=True)
        yield table(("Band", "Now up to", "Draft up to"), [(a, f"{b:g}", f"{c:g}") for a, b, c in rows], (1, 2))
    totals = [(one["label"], f"{one['before']:,}", f"{one['after']:,}") for one in moves["bands"]]
    yield heading(f"Accounts by band at {moves['as_of']}", 3)
    yield table(("Band", "Now", "Draft"), totals, (1, 2))
    yield paragraph(f"{moves['up']:,} accounts would move up and {moves['down']:,} down.")
    yield folded("The accounts", _movers(moves["movers"]))


def unknowns(report: dict[str, Any]) -> Iterator[str]:
    """What was not known, was left out, or is to be minded."""
    yield heading("What was not known")
    outcomes = report["outcomes"]
    every = [*report["notes"], *told(outcomes["asides"])]
    yield bullets(every) if every else paragraph("Nothing was left out.")
    if report["left_out"]:
        yield heading("Measures and metrics that are not in the draft", 3)
        yield table(("Name", "Why"), sorted(report["left_out"].items()))
    limits = report["asked"]["limits"]
    yield heading("Limits", 3)
    yield paragraph(flow(limits) if limits else "None were set.")


def _scoring(one: dict[str, Any]) -> str:
    old, new = _knots(one["old_score"]), _knots(one["new_score"])
    parts = [score_lines(old, new)] if new else []
    before = "not in the card" if one["kind"] == "added" else _written(one["old_score"])
    parts.append(coded("Now", before))
    if one["new_score"] != one["old_score"]:
        parts.append(coded("Draft", _written(one["new_score"])))
    if one["when_missing"] not in (None, "skip"):
        parts.append(coded("Without a value", f"{one['when_missing']:g}"))
    return "".join(parts)


def _knots(score: dict[str, Any] | None) -> list[tuple[float, float]]:
    """Of a line its knots; of steps both ends of each edge."""
    if not score:
        return []
    if "linear" in score:
        return [(float(value), float(points)) for value, points in score["linear"]]
    steps = score.get("steps", [])
    edges = [(step["up_to"], step["score"], after["score"]) for step, after in pairwise(steps)]
    return [
        point for edge, below, above in edges for point in ((float(edge), float(below)), (float(edge), float(above)))
    ]


def _written(score: dict[str, Any] | None) -> str:
    return "entered by people" if score is None else flow(score)


def _movers(movers: list[dict[str, Any]]) -> str:
    rows = [
        (
            one["entity_id"],
            one["old_label"],
            _points(one["old_final"]),
            one["new_label"],
            _points(one["new_final"]),
            one["reason"],
        )
        for one in movers[:_MOST_MOVERS]
    ]
    more = len(movers) - len(rows)
    rest = paragraph(f"and {more:,} more, all of them in report.json") if more > 0 else ""
    return table(("Account", "Now", "", "Draft", "", "Main reason"), rows, (2, 4)) + rest


def _title(one: dict[str, Any]) -> str:
    words = {"added": " (added)", "dropped": " (dropped)"}.get(one["kind"], "")
    return f"{one['title'] or one['name']}{words}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0f} %"


def _range(one: dict[str, Any]) -> str:
    return interval(one["low"], one["high"], 0)


def _points(score: float | None) -> str:
    return "" if score is None else f"{score:.1f}"
