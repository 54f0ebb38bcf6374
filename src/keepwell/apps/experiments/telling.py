"""A backtest for whoever leads: of those who left, how many were red, and how early; in sentences with numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keepwell.apps.ui.formatting import compact

EARLY_DAYS = 90
Found = dict[str, Any]
"""A result as `learning.findings.BacktestReport.to_json` writes it, with `labels`: worst and best."""


def headline(found: Found) -> str:
    """The answer in one sentence."""
    if not found["accounts_lost"]:
        return f"Nobody of {counted(found['accounts'], 'account')} left, so nothing can be said about the score"
    row, labels = _early(found), found["labels"]
    if row is None or row["below_best"]["value"] is None or not labels:
        return f"{counted(found['lost'], 'loss', 'losses')} among {counted(found['observations'], 'observation')}"
    seen = row["below_best"]["numbers"]["observations"]
    worst, below = (round((row[name]["value"] or 0) * seen) for name in ("worst", "below_best"))
    return (
        f"Of {seen:,} that left, {worst:,} were {labels['worst']} and {below:,} were below {labels['best']} "
        f"{EARLY_DAYS} days before they decided"
    )


def _early(found: Found) -> Found | None:
    rows = (found["warned"] or {}).get("rows", [])
    return next((row for row in rows if row["days"] == EARLY_DAYS), None)


def sentences(found: Found) -> list[str]:
    """What stands behind the answer: its shares, what was looked at, false alarms, ranks, money, the comparison."""
    return [*_early_words(found), looked_at(found), *_false(found), *_ranked(found), *_money(found), *_compared(found)]


def looked_at(found: Found) -> str:
    asked = found["asked"]
    lead = counted(asked["lead_days"], "day")
    way = {
        "before_decisions": f"each decision, {lead} or a little more before it",
        "on_grid": f"everybody on {counted(asked['dates'], 'date')}, {lead} before a horizon of "
        f"{asked['horizon_days']} days",
        "at_one_date": "each account once, with its outcome",
    }[asked["way"]]
    who = f"{counted(found['observations'], 'observation')} of {counted(found['accounts'], 'account')}"
    return f"Looked at {way}: {who}, of which {found['lost']:,} ended in a loss."


def _early_words(found: Found) -> Iterator[str]:
    row = _early(found)
    if row is not None and row["below_best"]["value"] is not None and found["labels"]:
        yield (
            f"That is {share(row['worst'])} {found['labels']['worst']}, and {share(row['below_best'])} "
            f"below {found['labels']['best']}."
        )


def _false(found: Found) -> Iterator[str]:
    warned, labels = found["warned"], found["labels"]
    if warned and labels and warned["stayed_below_best"]["value"] is not None:
        yield (
            f"Of those who stayed, {share(warned['stayed_worst'])} were {labels['worst']} and "
            f"{share(warned['stayed_below_best'])} below {labels['best']} too: so often a warning was false."
        )


def _ranked(found: Found) -> Iterator[str]:
    auc = found["variants"]["as_shown"]["auc"]
    if auc["value"] is None:
        yield f"Whether the score ranks those who left below those who stayed cannot be known: {auc['reason']}."
        return
    times = f"{100 * auc['value']:.0f} times in 100"
    span = "" if auc["low"] is None else f" ({100 * auc['low']:.0f} to {100 * auc['high']:.0f})"
    chance = auc["low"] is not None and auc["low"] <= 0.5 <= auc["high"]
    verdict = " That may be chance." if chance else ""
    who = "Of one that left and one that stayed, the score has the right one lower"
    yield f"{who} {times}{span}; 50 is chance.{verdict}"


def _money(found: Found) -> Iterator[str]:
    amount = (found["warned"] or {}).get("amount_below_best")
    if found["amount_lost"] and amount and amount["value"] is not None and found["labels"]:
        yield f"{share(amount)} of the {compact(found['amount_lost'])} lost was below {found['labels']['best']} then."


def _compared(found: Found) -> Iterator[str]:
    if not found["versus"]:
        return
    name, one = found["versus"]["name"], found["versus"]["differences"]["auc"]
    if one["value"] is None:
        yield f"Whether {name} tells better cannot be known: {one['reason']}."
    elif one["low"] is None or one["low"] <= 0 <= one["high"]:
        yield f"Whether {name} tells better or worse may be chance."
    else:
        yield f"{name[:1].upper()}{name[1:]} tells {'better' if one['value'] > 0 else 'worse'} who leaves."


def share(figure: Found) -> str:
    """A share with its interval."""
    if figure["value"] is None:
        return "an unknown share"
    low, high = figure["low"], figure["high"]
    span = "" if low is None else f" ({100 * low:.0f} to {100 * high:.0f} %)"
    return f"{100 * figure['value']:.0f} %{span}"


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
