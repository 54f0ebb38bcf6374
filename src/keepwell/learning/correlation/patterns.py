"""Patterns between advocacy, adoption and outcomes, and what they do not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.engine.columns import numbers
from keepwell.learning.correlation.rates import Rate, RateDifference, difference, rate
from keepwell.learning.observations import Observations
from keepwell.learning.outcomes import Flags, Floats

ADVOCACY = ("advoca", "referenc", "referral", "review", "testimonial", "case_stud")
"""Datasets of advocacy are told by their names."""
FEWEST = 20
THIRDS = ("low", "middle", "high")


@dataclass(frozen=True)
class Cell:
    """Observations of one third of adoption, with or without advocacy."""

    adoption: str
    is_advocate: bool
    rate: Rate


@dataclass(frozen=True)
class Pattern:
    """`raw`: loss rate of advocates less that of others. `within`: the same among accounts of like adoption, thirds
    weighted by Mantel and Haenszel (Greenland and Robins 1985); None where too few accounts are on either side."""

    advocacy: str
    adoption: str
    cells: tuple[Cell, ...]
    raw: RateDifference | None
    within: float | None
    words: str


def patterns(
    project: Project, metrics: pa.Table, observations: Observations, adoption: str | None
) -> tuple[Pattern, ...]:
    """One pattern for each metric of advocacy. `adoption`: the metric that stands for it."""
    if adoption is None:
        return ()
    thirds = thirds_of(numbers(metrics[adoption]))
    return tuple(
        _pattern(name, adoption, numbers(metrics[name]) > 0, thirds, observations)
        for name in advocacy_metrics(project)
        if name in metrics.column_names
    )


def advocacy_metrics(project: Project) -> Iterator[str]:
    for name, metric in project.metrics.items():
        if isinstance(metric, AggregateMetric) and any(word in metric.dataset for word in ADVOCACY):
            yield name


def adoption_metric(
    project: Project, metrics: pa.Table, dataset: str | None, areas: Mapping[str, float | None]
) -> str | None:
    """The metric on the dataset of uses, or resting on one that is, that tells most by itself."""
    from keepwell.definitions.dependencies import closure, references

    if dataset is None:
        return None
    rests = {
        name
        for name in metrics.column_names
        if ("datasets", dataset) in closure(("metrics", name), lambda node: references(project, node))
    }
    told = {name: abs((areas.get(name) or 0.5) - 0.5) for name in rests if areas.get(name) is not None}
    return max(sorted(told), key=lambda name: told[name], default=None)


def _pattern(name: str, adoption: str, advocate: Flags, thirds: Floats, observations: Observations) -> Pattern:
    lost, codes = observations.lost, observations.codes
    cells = tuple(
        Cell(THIRDS[third], flag, rate(lost[here], codes[here]))
        for third in range(len(THIRDS))
        for flag in (True, False)
        for here in [(thirds == third) & (advocate == flag)]
    )
    yes, no = rate(lost[advocate], codes[advocate]), rate(lost[~advocate], codes[~advocate])
    enough = min(yes.accounts, no.accounts) >= FEWEST
    raw = difference(yes, no) if enough else None
    within = _within(cells) if enough else None
    return Pattern(name, adoption, cells, raw, within, _words(yes, no, raw, within, adoption))


def thirds_of(values: Floats) -> Floats:
    """[n] 0, 1, 2 for low, middle, high; NaN for null."""
    known = ~np.isnan(values)
    found = np.full(len(values), np.nan)
    if known.any():
        found[known] = np.searchsorted(np.quantile(values[known], [1 / 3, 2 / 3]), values[known], side="left")
    return found


def _within(cells: tuple[Cell, ...]) -> float | None:
    above = below = 0.0
    for yes, no in zip(cells[0::2], cells[1::2], strict=True):
        if yes.rate.value is None or no.rate.value is None:
            continue
        weight = yes.rate.accounts * no.rate.accounts / (yes.rate.accounts + no.rate.accounts)
        above += weight * (yes.rate.value - no.rate.value)
        below += weight
    return above / below if below else None


def _words(yes: Rate, no: Rate, raw: RateDifference | None, within: float | None, adoption: str) -> str:
    if raw is None or within is None:
        counts = f"{yes.accounts:,} accounts spoke for us and {no.accounts:,} did not"
        return f"{counts}; {FEWEST} of each are needed to compare"
    chance = "" if raw.is_clear else ", which may be chance"
    return (
        f"Accounts that speak for us leave {_less(raw.value)}{chance}. Among accounts of like {adoption} it is "
        f"{_less(within)}: so much of the difference adoption does not explain. Neither says that advocacy keeps "
        "customers: who is happy stays and speaks, and happiness is in no column. Only accounts that were asked by lot "
        "would show what asking does."
    )


def _less(value: float) -> str:
    return f"{abs(100 * value):.1f} points {'less' if value < 0 else 'more'} often"
