"""One line of a scorecard for one entity: what was seen, what it became, and what it adds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keepwell.definitions.measures import Imputed, Measure, Percentile
from keepwell.definitions.metrics import AggregateMetric
from keepwell.engine.explain.explanation import LevelExplanation, MeasureExplanation, SourceExplanation, Value
from keepwell.engine.explain.peers import peer_words
from keepwell.engine.explain.shaping import shape_words
from keepwell.engine.explain.sources import counted_source, day, explain_sources
from keepwell.engine.explain.subject import Placed, Subject, null_or
from keepwell.engine.explain.wording import days, definition_words, number, said, share
from keepwell.engine.scoring.bands import label_of
from keepwell.engine.values import silences_of


def explain_measure(subject: Subject, placed: Placed, group: str, name: str, measure: Measure) -> MeasureExplanation:
    """Everything about one measure."""
    j, project = placed.by_measure[name], subject.state.project
    metric_name = measure.metric or name if measure.reads_metric else None
    metric = project.metrics[metric_name] if metric_name else None
    value = subject.metric(metric_name) if metric_name else None
    sources = explain_sources(subject, placed, name, measure)
    score, weight = null_or(placed.scores[j]), null_or(placed.weights[j])
    stale = bool(placed.of_measure("stale", j))
    return MeasureExplanation(
        name=name,
        title=measure.title or name,
        help=measure.help,
        group=group,
        metric=metric_name,
        metric_title=metric.title if metric else None,
        metric_help=metric.help if metric else None,
        metric_definition=definition_words(project, metric_name) if metric_name else None,
        unit=metric.unit if metric else None,
        value=value,
        source=counted_source(placed, j),
        sources=sources,
        score=score,
        label=None if score is None else label_of(score, placed.card.measure_scheme(j)),
        scheme=measure.scheme,
        level=_level(measure, placed, j),
        how=_how(subject, placed, name, measure, value, sources),
        observed_on=day(placed.of_measure("observed", j)),
        freshness=float(placed.freshness[j]),
        stale=stale,
        stale_reason=_stale_reason(subject, placed, name, measure, sources) if stale else None,
        imputed=bool(placed.of_measure("imputed", j)),
        missing_reason=_missing_reason(subject, placed, name, measure, value, sources),
        weight=measure.weight,
        effective_weight=weight,
        contribution=null_or(placed.card.contributions[j, placed.at]),
        points_lost=weight * (100.0 - score) if weight and score is not None else None,
    )


def _level(measure: Measure, placed: Placed, j: int) -> LevelExplanation | None:
    """The nearest level at or below the score that somebody entered; None below the lowest."""
    if counted_source(placed, j) in (None, "metric"):
        return None
    at_or_below = [level for level in measure.levels if level.score <= placed.scores[j]]
    if not at_or_below:
        return None
    best = max(at_or_below, key=lambda level: level.score)
    return LevelExplanation(best.score, best.label, best.help)


def _how(
    subject: Subject,
    placed: Placed,
    name: str,
    measure: Measure,
    value: Value,
    sources: Sequence[SourceExplanation],
) -> str:
    j = placed.by_measure[name]
    if isinstance(measure.when_missing, Imputed) and bool(placed.of_measure("imputed", j)):
        return f"{number(measure.when_missing.score)} stands in for a missing score"
    source = counted_source(placed, j)
    if source is None:
        return "no score"
    if source == "metric":
        return _metric_words(subject, name, measure, value)
    entry = next(one for one in sources if one.source == source)
    return f"entered as {number(placed.scores[j])}" + _by(entry)


def _by(entry: SourceExplanation) -> str:
    who = f" by {entry.author}" if entry.author else f" ({entry.source})"
    return f"{who} on {entry.observed_on}"


def _metric_words(subject: Subject, name: str, measure: Measure, value: Value) -> str:
    if isinstance(measure.score, Percentile):
        return peer_words(subject, measure.metric or name, measure.score.percentile)
    assert measure.score is not None  # a measure that reads a metric has a shape
    return shape_words(measure.score, value)


def _stale_reason(
    subject: Subject, placed: Placed, name: str, measure: Measure, sources: Sequence[SourceExplanation]
) -> str:
    """Why it is stale, and what follows from that."""
    j = placed.by_measure[name]
    observed = day(placed.of_measure("observed", j))
    silences = silences_of(subject.entities.silent, [measure.metric or name]) if measure.reads_metric else []
    expired = [one for one in sources if one.status in ("counted", "expired") and one.expires_at is not None]
    if silences == [observed]:
        since = f"since {observed}" if observed else "at all"
        why = f"{_silent_data(subject, measure.metric or name)} no row {since}"
    elif measure.valid_for is not None and observed is not None and _age(subject, placed, j) > measure.valid_for:
        why = (
            f"observed {days(_age(subject, placed, j))} before, on {observed}, and valid for {days(measure.valid_for)}"
        )
    elif expired:
        why = f"the entry expired at {expired[0].expires_at} UTC"
    else:
        why = "what it goes by is no longer live"
    return f"{why}: {_consequence(measure, placed, j)}"


def _silent_data(subject: Subject, metric: str) -> str:
    definition = subject.state.project.metrics[metric]
    if not isinstance(definition, AggregateMetric):
        return f"what {metric} is made from has had"
    every = subject.state.project.datasets[definition.dataset].expected_every
    expected = f", expected every {days(every)}, has had" if every else " has had"
    return f"dataset {definition.dataset}{expected}"


def _age(subject: Subject, placed: Placed, j: int) -> int:
    observed = day(placed.of_measure("observed", j))
    assert observed is not None
    return (subject.state.values.as_of - observed).days


def _consequence(measure: Measure, placed: Placed, j: int) -> str:
    if measure.when_stale == "drop":
        return "it is left out"
    if measure.when_stale == "decay" and placed.freshness[j] < 1:
        return f"it counts for {share(float(placed.freshness[j]))} of its weight"
    return "it still counts in full"


def _missing_reason(
    subject: Subject,
    placed: Placed,
    name: str,
    measure: Measure,
    value: Value,
    sources: Sequence[SourceExplanation],
) -> str | None:
    """Why there is no score, or why one stands in; None for a score of its own."""
    j = placed.by_measure[name]
    if not np.isnan(placed.scores[j]) and not bool(placed.of_measure("imputed", j)):
        return None
    if any(one.score is not None for one in sources):
        return "what is known is stale, and the measure drops what is stale"
    reasons = []
    for source in sources:
        if source.source != "metric":
            who = f" by {source.author}" if source.author else ""
            entered = f"the {source.source} score was withdrawn{who} on {source.observed_on}"
            reasons.append(entered if source.status == "withdrawn" else f"there is no {source.source} score")
        elif value is None:
            reasons.append(f"{measure.metric or name} has no value")
        else:
            reasons.append(f"{said(value)} gives no score: {_metric_words(subject, name, measure, value)}")
    return " and ".join(reasons)
