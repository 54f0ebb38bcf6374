"""Effects for whoever leads: what a treatment did, how sure that is, and what must hold for it to be so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keepwell.apps.experiments.effects.counts import said
from keepwell.apps.experiments.kinds.kind import Found

AGAINST = {
    "randomised": "against those held out by chance",
    "matched": "against matched accounts",
    "doubly_robust": "against all, weighted",
}


def headline(found: Found) -> str:
    """The first effect that lies beyond chance, the most trusted way first; else that there is none."""
    firsts = [(one, best) for one in found["treatments"] for best in bests(one)]
    if not firsts:
        return "Nothing that was done can be judged yet"
    beyond = [(one, best) for one, best in firsts if told_from_nothing(best)]
    if not beyond:
        return "Of nothing that was done can it be said that it did something: chance explains every difference"
    one, best = min(beyond, key=lambda pair: list(AGAINST).index(pair[1]["way"]))
    return f"{said(one['by'])}: {_moved(best)}"


def bests(treatment: Found) -> Iterator[Found]:
    """Of each target the estimate that rests on the least and could be made."""
    for one in treatment["effects"]:
        best = next((each for each in one["estimates"] if each["effect"] is not None), None)
        if best is not None:
            yield best


def verdicts(treatment: Found) -> list[str]:
    """A sentence on each effect that could be estimated; else why there is none."""
    sentences = [
        f"{_moved(best)[:1].upper()}{_moved(best)[1:]} {AGAINST[best['way']]}."
        + ("" if told_from_nothing(best) else " The interval holds 0, so chance alone may have done it.")
        for best in bests(treatment)
    ]
    return sentences or ["There is no estimate: the reasons stand in the table."]


def told_from_nothing(estimate: Found) -> bool:
    return estimate["low"] is not None and not estimate["low"] <= 0 <= estimate["high"]


def _moved(best: Found) -> str:
    span = f"{shown(best, best['low'])} to {shown(best, best['high'])}"
    return f"{what(best['target'], the=True)} moved by {shown(best, best['effect'])} ({span})"


def what(target: Found, *, the: bool = False) -> str:
    """What is looked at: the share lost within 180 days, the score after 90."""
    article = "the " if the else ""
    if target["column"] is None:
        return f"{article}share lost within {target['days']} days"
    return f"{article}{target['column'].replace('_', ' ')} after {target['days']} days"


def shown(estimate: Found, value: float | None) -> str:
    """Losses in points of a hundred, else in the unit of the column."""
    if value is None:
        return "–"
    size = 100 * value if estimate["target"]["column"] is None else value
    places = 1 if estimate["target"]["column"] is None or abs(size) >= 10 else 2
    return f"{size:+.{places}f}".replace("-", "−") + (" points" if estimate["target"]["column"] is None else "")


def assumptions(found: Found, treatment: Found) -> list[tuple[str, list[str]]]:
    """What must hold for the estimates of one treatment to be effects."""
    used = {each["way"] for one in treatment["effects"] for each in one["estimates"] if each["effect"] is not None}
    every: dict[str, list[str]] = found["assumptions"]
    return [(AGAINST[way][:1].upper() + AGAINST[way][1:], every[way]) for way in AGAINST if way in used]


def notes(treatment: Found) -> list[str]:
    """Each note once for each target, whichever estimates it is about."""
    told = [
        (what(one["target"]), note) for one in treatment["effects"] for e in one["estimates"] for note in e["notes"]
    ]
    return [f"{target}: {note}" for target, note in dict.fromkeys(told)]


def rows(treatment: Found) -> list[dict[str, Any]]:
    """A row an estimate, as a table shows it."""
    return [
        {"what": what(one["target"]) if at == 0 else "", "of": what(one["target"]), "against": AGAINST[each["way"]],
         "treated": each["treated"], "compared": each["compared"], "effect": shown(each, each["effect"]),
         "span": f"{shown(each, each['low'])} to {shown(each, each['high'])}" if each["effect"] is not None else "",
         "reason": each["reason"] or "", "beyond": told_from_nothing(each)}
        for one in treatment["effects"] for at, each in enumerate(one["estimates"])
    ]  # fmt: skip
