"""Who was right, in words and rows."""

from __future__ import annotations

from typing import Any

from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.telling import counted

RIGHT = {"people": "people were right", "score": "the score was right", "open": "chance may have done it"}
_SAID = {"too_high": "too high", "too_low": "too low"}


def headline(found: Found) -> str:
    """The whole of what was said; each direction by itself, for they are judged apart."""
    if found["reason"]:
        return f"Who was right cannot be said: {found['reason']}"
    whole = [one for one in found["judged"] if one["measure"] is None and one["segment"] is None]
    if not whole:
        return "Nobody said of these scores, in this time, that one feels wrong"
    return "; ".join(_short(one) for one in whole)


def _short(one: Found) -> str:
    said = f"“{_SAID[one['said']].capitalize()}” was said of {counted(one['known'], 'account')} with a known outcome"
    return f"{said}: {RIGHT.get(one['right'], 'too few to say who was right')}"


def rows(found: Found) -> list[dict[str, Any]]:
    """A row a measure, segment and direction; what is judged first."""
    every = sorted(found["judged"], key=lambda one: (one["right"] is None, one["measure"] or "", one["segment"] or ""))
    return [row(one) for one in every]


def row(one: Found) -> dict[str, Any]:
    return {
        "measure": one["measure"], "segment": one["segment"], "said": _SAID[one["said"]], "times": one["times"],
        "known": one["known"], "lost": one["lost"],
        "foretold": "–" if one["foretold"] is None else f"{one['foretold']:.1f}",
        "beyond": "–" if one["beyond"] is None else _points(one["beyond"]),
        "span": "" if one["low"] is None else f"{_points(one['low'])} to {_points(one['high'])}",
        "right": RIGHT.get(one["right"], ""), "words": one["words"], "judged": one["right"] is not None,
    }  # fmt: skip


def _points(share: float) -> str:
    return f"{100 * share:+.0f} points".replace("-", "−")
