"""Values of many accounts for a card: spread over its knots, steps and levels, some missing, some observed long ago."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from cards.card import only_card

from keepwell.definitions import Project
from keepwell.definitions.measures import Levels, Linear, Measure, Percentile, Steps
from keepwell.engine.storing import write_values
from keepwell.engine.values import ENTRIES, OVERRIDES, EntityValues, Values

AS_OF = date(2026, 10, 31)
SEGMENTS = ("enterprise", "mid_market", "small", "trial")
_MISSING, _NEW, _MISSING_OF_NEW = 0.06, 0.02, 0.9  # new accounts have little yet
_ENTERED = 0.2  # of the accounts, for each manual measure
_BY_HAND = 0.005

Floats = npt.NDArray[np.float64]
Random = np.random.Generator


def values_file(folder: Path, name: str, project: Project, accounts: int, seed: int = 11) -> Path:
    """Values of `accounts` accounts as a file, made the first time and found again after that."""
    path = folder / f"scoring-{name}-{accounts}.arrow"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_values(values_of(project, accounts, seed), path)
    return path


def values_of(project: Project, accounts: int, seed: int = 11) -> Values:
    random = np.random.default_rng(seed)
    measures = only_card(project).measures
    read = {name: one for name, one in measures.items() if one.score is not None}
    ids = pa.array([f"A{number:07}" for number in range(accounts)])
    missing = np.where(random.random(accounts) < _NEW, _MISSING_OF_NEW, _MISSING)
    manual = [name for name, one in measures.items() if "manual" in one.source_order]
    found = EntityValues(
        entity_kind="account",
        ids=ids,
        accounts=ids,
        parents=pa.nulls(accounts, pa.string()),
        attributes=pa.table({"segment": _words(random, SEGMENTS, np.full(accounts, 0.02))}),
        metrics=pa.table({name: _column(random, one, missing) for name, one in read.items()}),
        observed={name: _days(random, one, accounts) for name, one in read.items() if one.valid_for},
        entries=_entries(random, manual, accounts),
        overrides=_overrides(random, accounts),
    )
    return Values(AS_OF, datetime.combine(AS_OF + timedelta(days=1), time(), UTC), found)


def _column(random: Random, measure: Measure, missing: Floats) -> pa.Array:
    """Values that spread over all parts of the shape and beyond its ends; `missing` [n] are the chances of a null."""
    shape, n = measure.score, len(missing)
    if isinstance(shape, Levels):
        if {level.lower() for level in shape.levels} == {"true", "false"}:
            return pa.array(random.random(n) < 0.6, mask=random.random(n) < missing)
        return _words(random, (*shape.levels, "other"), missing)
    if isinstance(shape, Steps):
        edges = [step.up_to for step in shape.steps if step.up_to is not None]
        counts = np.floor(random.normal(np.mean(edges), 4 + np.ptp(edges), n))
        return _numbers(random, np.maximum(counts, 0) if edges[0] >= 0 else counts, missing)
    if isinstance(shape, Linear):
        low, high = shape.linear[0][0], shape.linear[-1][0]
        return _numbers(random, low + (high - low) * random.uniform(-0.1 if low < 0 else 0, 1.3, n), missing)
    if isinstance(shape, Percentile):
        return _numbers(random, np.round(random.lognormal(4, 1.5, n), 1), missing)
    return _numbers(random, random.uniform(0, 1.2, n), missing)


def _numbers(random: Random, values: Floats, missing: Floats) -> pa.Array:
    """Four of ten columns know every account, as counts and sums do."""
    return pa.array(values, mask=random.random(len(values)) < missing if random.random() < 0.6 else None)


def _words(random: Random, words: tuple[str, ...], missing: Floats) -> pa.Array:
    places = random.integers(0, len(words), len(missing))
    return pa.array(words).take(pa.array(places, mask=random.random(len(missing)) < missing))


def _days(random: Random, measure: Measure, n: int) -> npt.NDArray[np.datetime64]:
    """Two of three observations are valid still."""
    assert measure.valid_for is not None
    found: npt.NDArray[np.datetime64] = np.datetime64(AS_OF, "D") - random.integers(0, 3 * measure.valid_for // 2, n)
    return found


def _entries(random: Random, measures: list[str], n: int) -> pa.Table:
    tables = [_entries_of(random, measure, n) for measure in measures]
    return pa.concat_tables(tables) if tables else ENTRIES.empty_table()


def _entries_of(random: Random, measure: str, n: int) -> pa.Table:
    """At noon of some day, a few withdrawn, a few expired."""
    entities = np.flatnonzero(random.random(n) < _ENTERED)
    k = len(entities)
    days = np.datetime64(AS_OF, "D") - random.integers(0, 200, k)
    noon = days.astype("datetime64[us]") + np.timedelta64(12, "h")
    columns = {
        "entity": entities,
        "measure": pa.repeat(measure, k),
        "source": pa.repeat("manual", k),
        "score": pa.array(random.choice([0.0, 60.0, 100.0], k), mask=random.random(k) < 0.02),
        "occurred_on": days,
        "occurred_at": noon,
        "recorded_at": noon,
        "expired": random.random(k) < 0.03,
    }
    return _ledger(columns, k, ENTRIES)


def _overrides(random: Random, n: int) -> pa.Table:
    """At most one for each account."""
    entities = np.flatnonzero(random.random(n) < _BY_HAND)
    k = len(entities)
    effects = list(_effects(random, k))
    columns = {
        "entity": entities,
        "effect": pa.array([effect for effect, _ in effects], pa.string()),
        "value": pa.array([value for _, value in effects], pa.string()),
        "recorded_at": np.full(k, np.datetime64(AS_OF, "us")),
    }
    return _ledger(columns, k, OVERRIDES)


def _effects(random: Random, k: int) -> Iterator[tuple[str, str]]:
    kinds, labels = ("set", "at_most", "at_least"), ("red", "yellow", "green")
    for kind, is_label, label, number in zip(
        random.integers(0, 3, k),
        random.random(k) < 0.5,
        random.integers(0, 3, k),
        random.integers(0, 21, k),
        strict=True,
    ):
        yield kinds[kind], labels[label] if is_label else str(5 * number)


def _ledger(columns: dict[str, object], rows: int, schema: pa.Schema) -> pa.Table:
    return pa.table(
        [
            pa.array(columns[field.name]).cast(field.type) if field.name in columns else pa.nulls(rows, field.type)
            for field in schema
        ],
        schema=schema,
    )
