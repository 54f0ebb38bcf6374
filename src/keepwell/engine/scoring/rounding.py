"""How parts of a score are shown, so that what is shown adds up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal


def shown_parts(parts: Sequence[float], total: Decimal | str | int) -> list[Decimal]:
    """The parts rounded to the decimals of the shown `total`, so that they sum to it exactly.

    Largest remainder: each part is rounded down, and what is left goes, one last digit each, to the parts that lost
    most; the first of equals first. Parts may be negative. Where `total` is not the rounded sum of the parts, what is
    left over goes round more than once, or is taken back from those that lost least.
    """
    shown = Decimal(total)
    unit = Decimal(1).scaleb(min(int(shown.as_tuple().exponent), 0))
    exact = [Decimal(repr(float(part))) for part in parts]
    floors = [(part / unit).to_integral_value(ROUND_FLOOR) for part in exact]
    left = int(shown / unit - sum(floors))
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i] / unit, i))
    for turn in range(abs(left) if order else 0):
        i = order[turn % len(order)] if left > 0 else order[-1 - turn % len(order)]
        floors[i] += 1 if left > 0 else -1
    return [floor * unit for floor in floors]
