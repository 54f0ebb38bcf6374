"""Names: what one looks like, and which known one a wrong one probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated

from pydantic import StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
"""Lower snake_case, beginning with a letter."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` most probably stands for, or None where none is near."""
    candidates = sorted(set(known))
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def listed(names: Iterable[str], limit: int = 12) -> str:
    """Names as part of a sentence, cut after `limit` with the number left out."""
    every = sorted(set(names))
    shown = ", ".join(every[:limit])
    return f"{shown} and {len(every) - limit} more" if len(every) > limit else shown or "none"


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """The sentence for a name that is not defined: the nearest one, and what there is."""
    every = list(known)
    near = nearest(name, every)
    meant = f"; did you mean '{near}'?" if near else ";"
    return f"unknown {kind} '{name}'{meant} defined: {listed(every)}"
