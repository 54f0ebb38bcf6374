"""A calibration for whoever leads: how much is at risk, what a score means, and whether that holds."""

from __future__ import annotations

from math import hypot
from typing import Any

from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.telling import counted
from keepwell.apps.ui.formatting import compact

EVERYBODY = "Everybody"


def headline(found: Found) -> str:
    if not found["lookup"]:
        return f"No chance of loss can be learned: {found['reason']}"
    if not found["amounts"]:
        return f"An account with a score of 50 is {meaning(found)} {chance_at(found, 50)} times in 100"
    whole = found["amounts"][0]
    span = f"{compact(whole['low'])} to {compact(whole['high'])}"
    return f"{compact(whole['expected'])} ({span}) of {compact(whole['amount'])} is at risk"


def sentences(found: Found) -> list[str]:
    seen = found["numbers"]
    rests = f"{counted(seen['observations'], 'observation')} of {counted(seen['accounts'], 'account')}"
    first = f"Learned from {rests}, of which {seen['lost']:,} ended in a loss."
    if not found["lookup"]:
        return [first]
    scores = ", ".join(f"{chance_at(found, score)} at {score}" for score in (20, 50, 80))
    return [f"Times in 100 that an account is {meaning(found)}, by its score: {scores}.", first, *_spread(found)]


def _spread(found: Found) -> list[str]:
    if not found["amounts"]:
        return []
    whole = found["amounts"][0]
    below, above = (hypot(whole["expected"] - whole[end], 2 * whole["spread"]) for end in ("low", "high"))
    least, most = max(whole["expected"] - below, 0), min(whole["expected"] + above, whole["amount"])
    span = f"{compact(least)} to {compact(most)}"
    return [f"What is lost in the end may lie anywhere from {span}: few large accounts weigh more than many."]


def meaning(found: Found) -> str:
    asked = found["asked"]
    if asked["way"] == "on_grid":
        return f"lost within {asked['horizon_days']} days"
    return "lost at its next decision"


def chance_at(found: Found, score: int) -> str:
    return f"{100 * found['lookup']['overall'][2 * score]:.0f}"


def amounts(found: Found) -> list[dict[str, Any]]:
    """Revenue at risk of everybody, then by segment."""
    return [
        {"name": EVERYBODY if at == 0 else one["segment"] or "In no segment", "accounts": one["accounts"],
         "amount": compact(one["amount"]), "expected": compact(one["expected"]),
         "share": f"{100 * one['expected'] / one['amount']:.0f} %" if one["amount"] else "–",
         "span": f"{compact(one['low'])} to {compact(one['high'])}", "without": one["without_score"]}
        for at, one in enumerate(found["amounts"])
    ]  # fmt: skip


def curves(found: Found) -> list[dict[str, Any]]:
    """The chance at every tenth score with its interval, a row a segment; and what stands behind it."""
    return [
        {"name": one["segment"] or EVERYBODY, "lost": one["numbers"]["accounts_lost"],
         "accounts": one["numbers"]["accounts"], "points": [_point(point) for point in one["points"]]}
        for one in found["curves"]
    ]  # fmt: skip


def _point(point: Found) -> dict[str, Any]:
    span = "" if point["low"] is None else f"{100 * point['low']:.0f} to {100 * point['high']:.0f} %"
    return {"score": f"{point['score']:.0f}", "chance": f"{100 * point['chance']:.0f} %", "span": span}


def months(found: Found) -> list[dict[str, Any]]:
    """What was foretold of each month and what came true."""
    drift = found["held"]["drift"]
    return [
        {**one, "foretold": f"{one['foretold']:.1f}", "p": "–" if one["p"] is None else f"{one['p']:.3f}"}
        for one in (drift["months"] if drift else [])
    ]
