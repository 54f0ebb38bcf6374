"""A backtest for whoever knows statistics: every figure with its 95 % interval and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keepwell.apps.experiments.telling import Found

RANKS = {"auc": "AUC", "average_precision": "Average precision", "top_decile_lift": "Top-decile lift"}
VARIANTS = {
    "as_shown": "",
    "without_overrides": "without overrides",
    "without_entered": "without entered scores",
    "without_both": "without both",
}
KINDS = {"scorecard": "By scorecard", "segment": "By segment", "period": "Over time", "history": "By what was known"}


@dataclass(frozen=True)
class Cell:
    """One figure in words; `reason` where it cannot be known."""

    value: str
    span: str
    reason: str
    observations: int
    lost: int


def cell(figure: Found, *, share: bool = False, signed: bool = False) -> Cell:
    def text(number: float | None) -> str:
        if number is None:
            return "–"
        sign = "+" if signed else ""
        said = f"{100 * number:{sign}.1f} %" if share else f"{number:{sign}.3f}"
        return said.replace("-", "−")

    low, high = figure["low"], figure["high"]
    span = "" if low is None else f"{text(low)} to {text(high)}"
    numbers = figure["numbers"]
    return Cell(text(figure["value"]), span, figure["reason"] or "", numbers["observations"], numbers["lost"])


def figures(found: Found) -> list[tuple[str, Cell]]:
    """AUC, average precision and lift, as shown and without overrides and entered scores; then the Brier score."""
    ranked = [
        (f"{title} {words}".strip(), cell(found["variants"][variant][name]))
        for name, title in RANKS.items()
        for variant, words in VARIANTS.items()
        if variant in found["variants"]
    ]
    chances = found["calibrated"]
    return [*ranked, ("Brier score", cell(chances["brier"])), ("Brier skill", cell(chances["brier_skill"]))]


def bands(found: Found) -> list[dict[str, Any]]:
    """What became of each label, the worst first."""
    return [
        {**row, "rate": cell(row["loss_rate"], share=True), "cell": f"band:{row['scheme']}:{row['label']}"}
        for row in found["bands"]
    ]


def warnings(found: Found) -> list[dict[str, Any]]:
    """Those who left, at growing distances before they decided."""
    rows = (found["warned"] or {}).get("rows", [])
    return [
        {"days": row["days"], "worst": cell(row["worst"], share=True), "below": cell(row["below_best"], share=True)}
        for row in rows
        if row["below_best"]["value"] is not None
    ]


def parts(found: Found) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The same question of each scorecard, segment and period."""
    for kind, title in KINDS.items():
        rows = [
            {
                "name": one["name"],
                "cell": f"{kind}:{one['name']}",
                "rate": cell(one["loss_rate"], share=True),
                "auc": cell(one["ranks"]["auc"]),
            }
            for one in found["parts"]
            if one["kind"] == kind
        ]
        if rows:
            yield title, rows


def compared(found: Found) -> list[dict[str, Any]]:
    """Two sets of definitions on the same observations; empty where nothing was compared."""
    versus = found["versus"]
    if not versus:
        return []
    return [
        {"title": title, "own": cell(versus["own"][name]), "other": cell(versus["other"][name]),
         "difference": cell(versus["differences"][name], signed=True)}
        for name, title in RANKS.items()
    ]  # fmt: skip


def reliability(found: Found) -> list[dict[str, Any]]:
    """Tenths of the observations by chance of loss: what was foretold, and what came true."""
    return [
        {
            "foretold": f"{100 * one['foretold']:.1f} %",
            "came_true": cell(one["came_true"], share=True),
            "cell": f"tenth:{number}",
        }
        for number, one in enumerate(found["calibrated"]["bins"])
    ]


def beside(one: Found, other: Found) -> list[tuple[str, tuple[Cell, Cell]]]:
    """The figures that both have, and those of early warning, each by its name."""
    first, second = dict(_named(one)), dict(_named(other))
    return [(title, (cell, second[title])) for title, cell in first.items() if title in second]


def _named(found: Found) -> Iterator[tuple[str, Cell]]:
    yield "Loss rate", cell(found["loss_rate"], share=True)
    yield from figures(found)
    yield from ((f"Left, below the best label {row['days']} days before", row["below"]) for row in warnings(found))
