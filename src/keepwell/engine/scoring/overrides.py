"""Overrides: what bounds or replaces the computed score, by a card's rules and by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.names import listed
from keepwell.definitions.schemes import Scheme

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
EffectKind = Literal["set", "at_most", "at_least"]
EFFECTS: tuple[EffectKind, ...] = ("set", "at_most", "at_least")
BY_HAND = "by_hand"
"""The name under which an override by hand is listed among those that fired."""


def apply_effect(running: Floats, kind: EffectKind, value: float | str, scheme: Scheme) -> Floats:
    """The score after one effect; NaN stays NaN. [n] -> [n]. Raises KeyError for a label that the scheme does not have.

    A label leaves a score alone that is in its band, or beyond it in the direction of the effect. Otherwise at_most
    gives the band's upper edge, at_least the lesser of lower edge + 1 and the band's middle, set the middle. Applying
    an effect twice is applying it once.
    """
    if not isinstance(value, str):
        return _bounded(running, kind, value)
    lower, upper = scheme.edges(value)
    middle = (lower + upper) / 2
    if kind == "at_most":
        return np.where(running > upper, upper, running)
    below = (running <= lower) & (lower > 0)  # the first band holds 0 itself
    if kind == "at_least":
        return np.where(below, min(lower + 1, middle), running)
    return np.where(below | (running > upper), middle, running)


def _bounded(running: Floats, kind: EffectKind, value: float) -> Floats:
    if kind == "set":
        return np.where(np.isnan(running), running, value)
    return np.minimum(running, value) if kind == "at_most" else np.maximum(running, value)


@dataclass(frozen=True)
class Overridden:
    """Final scores [n], and which overrides fired [number of overrides, n].

    An override fired where its condition held and there was an overall score, whether or not it moved the score.
    """

    final: Floats
    fired: Bools


def apply_overrides(
    computed: Floats, effects: Sequence[tuple[EffectKind, float | str]], conditions: Sequence[Bools], scheme: Scheme
) -> Overridden:
    """A card's overrides in order, each on what the one before left. Where `computed` is null none applies."""
    fired = np.zeros((len(effects), len(computed)), np.bool_)
    scored = ~np.isnan(computed)
    final = computed.copy()
    for index, ((kind, value), condition) in enumerate(zip(effects, conditions, strict=True)):
        np.logical_and(condition, scored, out=fired[index])
        rows = np.flatnonzero(fired[index])
        final[rows] = apply_effect(final[rows], kind, value, scheme)
    return Overridden(final, fired)


@dataclass(frozen=True)
class ByHand:
    """What overrides by hand did to the entities of one card."""

    final: Floats  # [n]
    applied: npt.NDArray[np.int64]  # [n] how many applied
    problems: tuple[str, ...]


def apply_by_hand(
    final: Floats, rows: npt.NDArray[np.int64], ids: pa.StringArray, table: pa.Table, scheme: Scheme
) -> ByHand:
    """Overrides by hand (`values.OVERRIDES`) in the order of the table, which is oldest first for each entity.

    `final` [n] are the scores after the card's overrides, `rows` [n] the entities' rows in the values, ascending.
    `set` also gives a score where there is none. One that cannot be read is a problem that names the entity, and
    changes nothing.
    """
    result, applied, problems = final.copy(), np.zeros(len(final), np.int64), []
    for one in table.select(["entity", "effect", "value"]).to_pylist():
        index = int(np.searchsorted(rows, one["entity"]))
        if index == len(rows) or rows[index] != one["entity"]:
            continue
        try:
            kind, value = _read(one["effect"], one["value"], scheme)
        except ValueError as error:
            problems.append(f"the override by hand of '{ids[one['entity']].as_py()}' does not apply: {error}")
            continue
        changed = _by_hand(result[index], kind, value, scheme)
        applied[index] += not np.isnan(changed)
        result[index] = changed
    return ByHand(result, applied, tuple(problems))


def _by_hand(score: float, kind: EffectKind, value: float | str, scheme: Scheme) -> float:
    if np.isnan(score) and kind == "set":
        return sum(scheme.edges(value)) / 2 if isinstance(value, str) else value
    return float(apply_effect(np.array([score]), kind, value, scheme)[0])


def _read(effect: str | None, text: str | None, scheme: Scheme) -> tuple[EffectKind, float | str]:
    """An effect and its value: a label of the scheme if it is one, else a number. Raises ValueError with a sentence."""
    kind = next((known for known in EFFECTS if known == effect), None)
    if kind is None:
        raise ValueError(f"'{effect}' is no effect; known: {', '.join(EFFECTS)}")
    if text in scheme.labels:
        return kind, str(text)
    allowed = f"a number from 0 to 100 or one of {listed(scheme.labels)}" if scheme.bands else "a number from 0 to 100"
    try:
        number = float(str(text))
    except ValueError:
        raise ValueError(f"'{text}' is not {allowed}") from None
    if not 0 <= number <= 100:
        raise ValueError(f"{text} is not {allowed}")
    return kind, number
