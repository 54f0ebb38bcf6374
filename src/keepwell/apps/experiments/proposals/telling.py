"""A proposal in words and rows: what it changes and why, whether it tells more, and whom it would move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keepwell.apps.experiments import asides
from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.tables import Cell, cell

FIGURES = {
    "auc": "Ranks who leaves before who stays (AUC)",
    "average_precision": "Average precision",
    "top_decile_lift": "Losses in the worst tenth, against chance",
    "brier": "Brier score; lower is better",
}
MOST_MOVERS = 500
"""Movers that a result keeps, those with the largest change."""


def headline(found: Found) -> str:
    return (
        f"{_verdict(found)}: {_changed(found)}; {found['moves']['up'] + found['moves']['down']:,} accounts would move"
    )


def _verdict(found: Found) -> str:
    difference = found["held_out"]["figures"]["auc"]["difference"]
    if difference["low"] is not None and difference["low"] > 0:
        return "The proposal tells more than the card as it stands"
    if difference["high"] is not None and difference["high"] < 0:
        return "The card as it stands tells more than the proposal"
    return "Whether the proposal tells more may be chance"


def _changed(found: Found) -> str:
    kinds = [one["kind"] for one in found["changes"]]
    words = [f"{kinds.count(kind)} {kind}" for kind in ("kept", "added", "dropped") if kind in kinds]
    return f"{', '.join(words)} measure{'' if len(kinds) == 1 else 's'}"


def changes(found: Found) -> list[dict[str, Any]]:
    """Measures with their shares and reasons; scores as a definition would write them."""
    from keepwell.learning.optimizer.card_yaml import flow

    def written(score: Any) -> str:
        return flow(score) if score else "entered by people"

    rows = []
    for one in found["changes"]:
        is_new = one["new_score"] != one["old_score"] and one["kind"] != "dropped"
        before = "not in the card" if one["kind"] == "added" else written(one["old_score"])
        rows.append({
            **one, "said": one["title"] or one["name"],
            "span": "" if one["low"] is None else f"{one['low']:.0f} to {one['high']:.0f}",
            "before": before, "after": written(one["new_score"]) if is_new else "",
        })  # fmt: skip
    return rows


def judged(found: Found) -> list[tuple[str, tuple[Cell, Cell, Cell]]]:
    """Figures of the card, of the draft and their difference, on accounts that were not learned from."""
    pairs = found["held_out"]["figures"]
    return [
        (title, (cell(pairs[name]["old"]), cell(pairs[name]["new"]), cell(pairs[name]["difference"], signed=True)))
        for name, title in FIGURES.items()
    ]


def how_judged(found: Found) -> str:
    held, numbers = found["held_out"], found["held_out"]["numbers"]
    since = f", from {held['since']} on" if held["since"] else ""
    earlier = " of an earlier time" if held["since"] else ""
    return (
        f"Judged by {numbers['observations']:,} observations of {numbers['accounts']:,} accounts{since}, "
        f"{numbers['lost']:,} of them losses. Each was scored by a card that was made in the same way from outcomes of "
        f"other accounts{earlier} ({held['folds']} parts), so none is judged by a card that knew it. The draft itself "
        "is learned from all outcomes."
    )


def edges(found: Found) -> list[tuple[str, float, float]]:
    """Upper ends of bands now and in the draft; empty where they stay."""
    bands = found["bands"]
    if not bands["labels"] or bands["old"] == bands["new"]:
        return []
    return list(zip(bands["labels"], bands["old"], bands["new"], strict=True))


def to_mind(found: Found) -> Iterator[str]:
    yield from found["notes"]
    yield from asides.to_mind(found["outcomes"])


def limits(found: Found) -> str:
    from keepwell.learning.optimizer.card_yaml import flow

    said = found["asked"]["limits"]
    return flow(said) if said else "none"
