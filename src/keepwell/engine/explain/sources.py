"""What each source of a measure says of one entity, and which of them counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from keepwell.definitions.measures import Measure, Percentile
from keepwell.engine.explain.explanation import SourceExplanation
from keepwell.engine.explain.subject import Placed, Subject, null_or
from keepwell.engine.observing import Observer
from keepwell.engine.scoring.sources import SOURCES
from keepwell.engine.scoring.validity import past


def explain_sources(subject: Subject, placed: Placed, name: str, measure: Measure) -> tuple[SourceExplanation, ...]:
    """One for each source of the measure, in its order."""
    counted = counted_source(placed, placed.by_measure[name])
    entries = _entries(subject, name)
    found = []
    for source in measure.source_order:
        if source == "metric":
            found.append(_metric(subject, placed, name, measure, counted))
        else:
            found.append(_entry(subject, measure, source, entries.get(source), counted))
    return tuple(found)


def counted_source(placed: Placed, j: int) -> str | None:
    """The source whose score counted; None where there is no score or another stands in."""
    index = int(placed.of_measure("source", j))
    if index < 0 or np.isnan(placed.scores[j]) or bool(placed.of_measure("imputed", j)):
        return None
    return SOURCES[index]


def _entries(subject: Subject, name: str) -> Mapping[str, Mapping[str, Any]]:
    """The entity's entries for the measure, by source."""
    own = subject.ledger(subject.values.entries).to_pylist()
    return {row["source"]: row for row in own if row["measure"] == name}


def _entry(
    subject: Subject, measure: Measure, source: str, entry: Mapping[str, Any] | None, counted: str | None
) -> SourceExplanation:
    if entry is None:
        return SourceExplanation(source, "empty", None, None)
    old = bool(past(np.datetime64(entry["occurred_on"], "D"), measure.valid_for, subject.state.values.as_of))
    if entry["score"] is None:
        status = "withdrawn"
    elif counted == source:
        status = "counted"
    else:
        status = "expired" if entry["expired"] else "stale" if old else "outranked"
    return SourceExplanation(
        source=source,
        status=status,  # type: ignore[arg-type]
        score=None if entry["score"] is None else min(max(entry["score"], 0.0), 100.0),
        observed_on=entry["occurred_on"],
        author=entry["author"],
        comment=entry["comment"],
        occurred_at=entry["occurred_at"],
        expires_at=entry["expires_at"],
    )


def _metric(subject: Subject, placed: Placed, name: str, measure: Measure, counted: str | None) -> SourceExplanation:
    j = placed.by_measure[name]
    if counted == "metric":
        return SourceExplanation("metric", "counted", null_or(placed.scores[j]), day(placed.of_measure("observed", j)))
    if isinstance(measure.score, Percentile) and subject.state.scores.peers_of is not None:
        return SourceExplanation("metric", "empty", None, None)  # the peers are not here to say what it was
    observer = Observer(subject.entities, subject.percentiles, np.array([subject.row]))
    alone = measure.model_copy(update={"sources": ("metric",)})
    seen = observer.observe(name, alone, np.empty(1))
    score = null_or(seen.scores[0])
    stale = bool(np.any(seen.stale))
    status = "empty" if score is None else "stale" if stale else "outranked"
    return SourceExplanation("metric", status, score, day(np.ravel(seen.days)[0]))  # type: ignore[arg-type]


def day(found: np.datetime64) -> date | None:
    return None if np.isnat(found) else found.astype("datetime64[D]").item()
