"""The same figures, slowly and by another road: pairs, thresholds one by one, every order of ties."""

from __future__ import annotations

from collections.abc import Sequence


def auc(score: Sequence[float], lost: Sequence[bool], weights: Sequence[float]) -> float:
    """Every pair of a loss and a stay."""
    won = whole = 0.0
    for s, is_lost, w in zip(score, lost, weights, strict=True):
        for other, other_lost, v in zip(score, lost, weights, strict=True):
            if is_lost and not other_lost:
                whole += w * v
                won += w * v * (1.0 if s < other else 0.5 if s == other else 0.0)
    return won / whole


def average_precision(score: Sequence[float], lost: Sequence[bool], weights: Sequence[float]) -> float:
    """Recall gained at each threshold times the precision there."""
    rows = list(zip(score, lost, weights, strict=True))
    losses = sum(w for _, is_lost, w in rows if is_lost)
    total = before = 0.0
    for threshold in sorted(set(score)):
        caught = sum(w for s, is_lost, w in rows if is_lost and s <= threshold)
        flagged = sum(w for s, _, w in rows if s <= threshold)
        if flagged:
            total += (caught - before) / losses * (caught / flagged)
        before = caught
    return total


def lift(score: Sequence[float], lost: Sequence[bool], weights: Sequence[float], share: float = 0.1) -> float:
    """The lowest scores up to the share; of what is tied at its edge an even part."""
    rows = list(zip(score, lost, weights, strict=True))
    whole, losses = sum(weights), sum(w for _, is_lost, w in rows if is_lost)
    room, caught = share * whole, 0.0
    for threshold in sorted(set(score)):
        tied = [(is_lost, w) for s, is_lost, w in rows if s == threshold]
        size = sum(w for _, w in tied)
        part = min(1.0, room / size) if size else 0.0
        caught += part * sum(w for is_lost, w in tied if is_lost)
        room = max(room - size, 0.0)
        if room <= 0:
            break
    return caught / (share * whole) / (losses / whole)
