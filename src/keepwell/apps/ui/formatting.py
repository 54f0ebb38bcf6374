"""Numbers as a page shows them; rounding happens here and nowhere before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

_NEAR = 1e-9  # so near to a half, decimals decide


def compact(amount: float) -> str:
    """1,240,000 as 1.24M."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(amount) >= size:
            return f"{amount / size:.3g}{letter}"
    return f"{amount:,.0f}"


def amount(number: float) -> str:
    """A number of the data: whole where it is whole, else with three figures that count; thousands apart."""
    if number == int(number):
        return f"{number:,.0f}".replace("-", "−")
    text = f"{number:,.2f}" if abs(number) >= 10 else f"{number:.3g}"
    return text.replace("-", "−")


def score_text(score: float | None, edges: Sequence[float] = ()) -> str:
    """Half up to a whole number; with one more decimal where that would stand in another band. `edges`: upper edges."""
    if score is None:
        return "–"
    whole = int(score + 0.5)
    if abs(score + 0.5 - round(score + 0.5)) > _NEAR and all((score <= edge) == (whole <= edge) for edge in edges):
        return str(whole)
    for digits in range(4):
        shown = Decimal(repr(score)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        if all((score <= edge) == (float(shown) <= edge) for edge in edges):
            return f"{shown:f}"
    return f"{score:g}"
