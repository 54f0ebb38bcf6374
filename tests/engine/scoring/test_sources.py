from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pytest

from keepwell.engine.scoring.sources import SOURCES, Candidate, arbitrate, entries_of, metric_candidate
from keepwell.engine.scoring.validity import Observation
from keepwell.engine.values import ENTRIES

AS_OF = date(2026, 10, 31)
EVERYBODY = np.array([0])
NULL = float("nan")


def entry(source: str, score: float | None, age: int, **more: Any) -> dict[str, Any]:
    at = datetime(2026, 10, 31, 12) - timedelta(days=age)
    row = {"entity": 0, "measure": "sponsor", "source": source, "score": score, "occurred_on": at.date()}
    return {**row, "occurred_at": at, "recorded_at": at, "expired": False, **more}


def observed(
    *sources: dict[str, Any] | Candidate,
    arbitration: Literal["first", "latest"] = "first",
    valid_for: int | None = None,
) -> Observation:
    """One entity whose sources say what is given, in the order of the measure's sources."""
    candidates = []
    for source in sources:
        if isinstance(source, Candidate):
            candidates.append(source)
            continue
        entries = entries_of(pa.Table.from_pylist([source], ENTRIES), "sponsor", source["source"], 1)
        assert entries is not None
        candidates.append(entries.candidate(source["source"], EVERYBODY, valid_for, AS_OF))
    return arbitrate(candidates, arbitration, 1)


def metric(score: float, age: int, *, stale: bool = False) -> Candidate:
    return metric_candidate(np.array([score]), np.datetime64(AS_OF, "D") - np.timedelta64(age, "D"), stale)


def who(observation: Observation) -> tuple[str | None, float, bool]:
    index = int(np.asarray(observation.source)[0])
    stale = bool(np.asarray(observation.stale)[0])
    return (SOURCES[index] if index >= 0 else None), float(observation.scores[0]), stale


def test_the_first_live_source_counts() -> None:
    assert who(observed(entry("manual", 30, 50), entry("rule", 60, 1))) == ("manual", 30, False)


def test_a_source_past_valid_for_or_expired_gives_way() -> None:
    assert who(observed(entry("manual", 30, 91), metric(70, 0), valid_for=90)) == ("metric", 70, False)
    assert who(observed(entry("manual", 30, 1, expired=True), metric(70, 0))) == ("metric", 70, False)


def test_a_withdrawn_source_gives_way_and_never_counts() -> None:
    assert who(observed(entry("manual", None, 1), entry("api", 55, 300), valid_for=90)) == ("api", 55, True)
    assert who(observed(entry("manual", None, 1))) == (None, pytest.approx(NULL, nan_ok=True), False)


def test_if_none_is_live_the_most_recently_observed_counts_as_stale() -> None:
    assert who(observed(entry("manual", 30, 200), entry("rule", 60, 150), valid_for=90)) == ("rule", 60, True)
    assert who(observed(entry("manual", 30, 100), metric(70, 120, stale=True), valid_for=90)) == ("manual", 30, True)
    assert who(observed(metric(70, 95, stale=True), entry("manual", 30, 100), valid_for=90)) == ("metric", 70, True)


def test_an_expired_entry_may_count_as_stale() -> None:
    assert who(observed(entry("manual", 30, 5, expired=True))) == ("manual", 30, True)


def test_latest_is_the_last_writer() -> None:
    assert who(observed(entry("manual", 30, 10), entry("rule", 60, 1), arbitration="latest")) == ("rule", 60, False)
    assert who(observed(entry("manual", 30, 1), entry("rule", 60, 10), arbitration="latest")) == ("manual", 30, False)


def test_latest_still_prefers_what_is_live() -> None:
    late_but_expired = entry("rule", 60, 1, expired=True)
    assert who(observed(entry("manual", 30, 10), late_but_expired, arbitration="latest")) == ("manual", 30, False)


def test_an_entry_of_the_same_day_is_later_than_the_metric() -> None:
    assert who(observed(metric(70, 0), entry("manual", 30, 0), arbitration="latest"))[0] == "manual"
    assert who(observed(metric(70, 0), entry("manual", 30, 1), arbitration="latest"))[0] == "metric"


def test_ties_in_time_break_by_recording_then_by_the_order_of_sources() -> None:
    later = datetime(2026, 10, 31, 13)
    first, second = entry("manual", 30, 0), entry("rule", 60, 0, recorded_at=later)
    assert who(observed(first, second, arbitration="latest"))[0] == "rule"
    assert who(observed(first, entry("rule", 60, 0), arbitration="latest"))[0] == "manual"


def test_no_source_says_anything() -> None:
    observation = arbitrate([], "first", 2)
    assert np.isnan(observation.scores).all()
    assert np.isnat(np.asarray(observation.days)).all()


def test_entries_of_other_measures_and_sources_are_left_alone() -> None:
    table = pa.Table.from_pylist([entry("manual", 30, 1), entry("rule", 120, 1)], ENTRIES)
    assert entries_of(table, "another", "manual", 1) is None
    assert entries_of(table, "sponsor", "api", 1) is None
    rule = entries_of(table, "sponsor", "rule", 1)
    assert rule is not None
    assert rule.scores.tolist() == [100]  # held within 0..100
