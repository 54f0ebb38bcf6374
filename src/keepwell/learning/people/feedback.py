"""Who was right: people who said that a score felt wrong, or the score?

Somebody who says that a score is too high says that the account is likelier to leave than the score foretold. So what
they said is judged by losses beyond those foretold, and not by losses alone: most accounts stay, and whoever always
says "too low" would be right most of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.learning.effects.facts import Decisions
from keepwell.learning.effects.panel import codes_of, days_of
from keepwell.learning.outcomes import Flags, Floats
from keepwell.learning.plain import plain

SCHEMA = pa.schema(
    [
        ("account", pa.string()),
        ("said_on", pa.date32()),
        ("said", pa.string()),  # too_high | too_low
        ("measure", pa.string()),  # null: the score as a whole
        ("segment", pa.string()),  # null: none
        ("chance", pa.float64()),  # of loss within the horizon, as the score foretold it then; null: not known
    ]
)
"""Feedback as `right_or_wrong` reads it."""
Said = Literal["too_high", "too_low"]
Right = Literal["people", "score", "open"]
FEWEST = 10
"""So many accounts must have been spoken of, with a known outcome; with fewer nothing is said."""
_LEAST_VARIANCE = 1.0
"""Where next to nothing was foretold the normal distribution is no guide; this much is allowed for at least."""
_Z = 1.959963984540054


@dataclass(frozen=True)
class Judged:
    """One measure (None: any) in one segment (None: any): what was said, and what became of it.

    `beyond`: the share of accounts that were lost less the share foretold, with its 95 % interval; None where it
    cannot be known. `right`: people where losses lie beyond in the direction they said, the score where they lie the
    other way, open where chance may have done it.
    """

    measure: str | None
    segment: str | None
    said: Said
    times: int  # how often it was said
    known: int  # of these, accounts whose outcome and chance are known; each counts once
    lost: int
    foretold: float | None
    beyond: float | None
    low: float | None
    high: float | None
    right: Right | None
    words: str

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = plain(self)
        return found


def right_or_wrong(
    feedback: pa.Table, decisions: Decisions, ids: pa.StringArray, until: date, horizon: int
) -> list[Judged]:
    """By measure and segment, each with all of the other together; only combinations that were spoken of.

    `decisions`: of the accounts `ids`, known up to `until`. An account is lost that leaves within `horizon` days after
    it was spoken of; where that time is not over, or it had left before, it is not known. Of several times that the
    same was said of an account the first counts.
    """
    rows = feedback.select(SCHEMA.names).cast(SCHEMA)
    rows = rows.take(pc.sort_indices(rows, sort_keys=[("said_on", "ascending"), ("account", "ascending")]))
    outcome = _outcome(rows, decisions, ids, until, horizon)
    return [found for part in _parts(rows) for found in [_judged(rows, outcome, *part)] if found.times]


def _outcome(rows: pa.Table, decisions: Decisions, ids: pa.StringArray, until: date, horizon: int) -> Floats:
    """[n] 1 lost, 0 kept, NaN not known."""
    code, day = codes_of(rows["account"], ids), days_of(rows["said_on"])
    last = int(np.datetime64(until, "D").astype(np.int64))
    safe = np.maximum(code, 0)
    lost = decisions.loss_after(safe, day) <= day + horizon
    unknown = (code < 0) | (day + horizon > last) | decisions.is_gone(safe, day)
    return np.where(unknown, np.nan, lost)


def _parts(rows: pa.Table) -> Iterator[tuple[str | None, str | None, Said]]:
    measures = [None, *sorted(pc.unique(rows["measure"].drop_null()).to_pylist())]
    segments = [None, *sorted(pc.unique(rows["segment"].drop_null()).to_pylist())]
    for measure in measures:
        for segment in segments:
            yield measure, segment, "too_high"
            yield measure, segment, "too_low"


def _judged(rows: pa.Table, outcome: Floats, measure: str | None, segment: str | None, said: Said) -> Judged:
    chosen = _is(rows, "said", said)
    chosen &= _is(rows, "measure", measure) if measure is not None else True
    chosen &= _is(rows, "segment", segment) if segment is not None else True
    chance = rows["chance"].to_numpy()
    places = np.flatnonzero(chosen & ~np.isnan(outcome) & ~np.isnan(chance))
    accounts = np.array(rows["account"].take(pa.array(places)).to_pylist(), object)
    places = places[np.sort(np.unique(accounts.astype(str), return_index=True)[1])] if len(places) else places
    lost, foretold = int(outcome[places].sum()), float(chance[places].sum())
    counts = (measure, segment, said, int(chosen.sum()), len(places), lost)
    variance = max(float((chance[places] * (1 - chance[places])).sum()), _LEAST_VARIANCE)
    if len(places) < FEWEST:
        words = f"{len(places)} accounts with a known outcome are too few to say who was right"
        return Judged(*counts, None, None, None, None, None, words)
    beyond, reach = (lost - foretold) / len(places), _Z * float(np.sqrt(variance)) / len(places)
    right = _right(said, beyond - reach, beyond + reach)
    return Judged(
        *counts,
        foretold,
        beyond,
        beyond - reach,
        beyond + reach,
        right,
        _words(said, len(places), lost, foretold, right),
    )


def _is(rows: pa.Table, column: str, value: str) -> Flags:
    found: Flags = pc.fill_null(pc.equal(rows[column], value), False).to_numpy().astype(np.bool_)
    return found


def _right(said: Said, low: float, high: float) -> Right:
    if low <= 0 <= high:
        return "open"
    return "people" if (low > 0) == (said == "too_high") else "score"


def _words(said: Said, known: int, lost: int, foretold: float, right: Right) -> str:
    seen = f"of {known:,} accounts of which it was said that the score is {said.replace('_', ' ')}, {lost:,} left"
    against = f"{seen}, and the score foretold {foretold:.1f}"
    verdict = {
        "people": "people were right",
        "score": "the score was right, and if anything not far enough the other way",
        "open": "chance may have done it, so nobody can say who was right",
    }
    return f"{against}: {verdict[right]}"
