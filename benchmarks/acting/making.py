"""Rules of many conditions, said in each contender's words, and accounts to try them on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

NUMBERS, TEXTS, FLAGS = 24, 4, 2
LABELS = ("red", "yellow", "green", "unknown")
MISSING = 0.05
_ARRANGED = "({0} or {2} or {4}) and {1} and {3}"
"""Of five groups of conditions, of which every other one asks for any and the others for all of theirs."""


@dataclass(frozen=True)
class Condition:
    """One comparison: `column sign value`, a text in `values`, a flag (no sign), or that there is a value."""

    column: str
    sign: str
    values: tuple[float | str, ...] = ()


Rule = tuple[tuple[Condition, ...], ...]
"""Five groups of conditions."""


def rules(count: int, conditions: int, seed: int = 7) -> list[Rule]:
    """`count` rules of `conditions` each: thresholds of numbers above all, labels, flags, values that are there."""
    chance = np.random.default_rng(seed)
    sizes = [len(part) for part in np.array_split(np.arange(conditions), 5)]
    return [tuple(tuple(_condition(chance) for _ in range(size)) for size in sizes) for _ in range(count)]


def _condition(chance: np.random.Generator) -> Condition:
    kind = chance.random()
    number, text = f"m{chance.integers(NUMBERS)}", f"t{chance.integers(TEXTS)}"
    if kind < 0.65:
        return Condition(number, str(chance.choice(["<", "<=", ">", ">="])), (round(float(chance.normal(50, 20)), 1),))
    if kind < 0.8:
        return Condition(text, "=", (str(chance.choice(LABELS[:3])),))
    if kind < 0.9:
        return Condition(text, "in", ("red", "yellow"))
    if kind < 0.95:
        return Condition(f"b{chance.integers(FLAGS)}", "is")
    return Condition(number, "there")


def written(rule: Rule, say: Callable[[Condition], str]) -> str:
    """A rule as text, each condition as `say` says it."""
    groups = [f"({(' or ' if place % 2 else ' and ').join(map(say, group))})" for place, group in enumerate(rule)]
    return _ARRANGED.format(*groups)


def accounts(rows: int, seed: int = 1) -> pa.Table:
    """Numbers of which one in twenty is missing, labels and flags."""
    chance = np.random.default_rng(seed)
    columns: dict[str, pa.Array] = {"account_id": pa.array(np.char.add("a", np.arange(rows).astype(str)))}
    for index in range(NUMBERS):
        columns[f"m{index}"] = pa.array(chance.normal(50, 20, rows), mask=chance.random(rows) < MISSING)
    for index in range(TEXTS):
        columns[f"t{index}"] = pa.array(np.array(LABELS)[chance.integers(0, len(LABELS), rows)])
    for index in range(FLAGS):
        columns[f"b{index}"] = pa.array(chance.random(rows) < 0.3)
    return pa.table(columns)
