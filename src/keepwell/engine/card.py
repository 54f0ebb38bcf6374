"""Scores the entities that have one scorecard: observe, settle, roll up, override."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from keepwell.definitions.expressions import names_in
from keepwell.definitions.measures import Percentile, ScoreFormula
from keepwell.definitions.scorecards import Scorecard
from keepwell.engine.columns import Column, nullable
from keepwell.engine.entities import Entities, Rows
from keepwell.engine.observing import Observer
from keepwell.engine.percentiles import Percentiles
from keepwell.engine.scores import CardScores
from keepwell.engine.scoring.blocks import each, threads_for
from keepwell.engine.scoring.overrides import Overridden, apply_by_hand, apply_overrides
from keepwell.engine.scoring.rollup import RollUp, roll_up, whole
from keepwell.engine.scoring.sources import SOURCES
from keepwell.engine.scoring.validity import Floats, Observation, Settled, settle

_METRIC = SOURCES.index("metric")


def score_card(
    name: str, version: str, entities: Entities, percentiles: Percentiles, rows: Rows
) -> tuple[CardScores, tuple[str, ...]]:
    """Scores of the entities at `rows` (ascending) by the card `name`, and problems with overrides by hand."""
    card, schemes = entities.project.scorecards[name], entities.project.schemes
    scores = np.empty((len(card.measures), len(rows)))
    settled, entered = _settle_all(card, Observer(entities, percentiles, rows), scores)
    weights = np.concatenate([whole([m.weight for m in group.measures.values()]) for group in card.groups.values()])
    rolled = _rolled(card, scores, settled, weights)
    overridden = _overridden(card, entities, rows, scores, rolled)
    by_hand = apply_by_hand(
        overridden.final, rows, entities.values.ids, entities.values.overrides, schemes[card.scheme]
    )
    assert rolled.contributions is not None
    result = CardScores(
        scorecard=name,
        version=version,
        card=card,
        schemes={one: schemes[one] for one in (card.scheme, *(m.scheme for m in card.measures.values())) if one},
        rows=rows,
        measure_scores=scores,
        settled=settled,
        entered=entered,
        whole_weights=weights,
        contributions=rolled.contributions,
        factors=rolled.factors,
        group_scores=rolled.groups,
        group_coverage=rolled.group_coverage,
        coverage=rolled.coverage,
        computed=rolled.overall,
        final=by_hand.final,
        fired=overridden.fired,
        by_hand=by_hand.applied,
    )
    return result, by_hand.problems


def _settle_all(card: Scorecard, observer: Observer, scores: Floats) -> tuple[tuple[Settled, ...], dict[int, Floats]]:
    """Fills `scores` [m, n], a measure a row; returns the rest of each measure, and entered scores by measure."""
    measures = list(card.measures.items())
    settled: dict[int, Settled] = {}
    entered: dict[int, Floats] = {}

    def settle_one(j: int) -> None:
        name, measure = measures[j]
        row = scores[j]
        observation = observer.observe(name, measure, row)
        if not isinstance(observation.source, int):
            entered[j] = _entered(observation)
        one = settle(measure, observation, observer.entities.as_of)
        if one.scores is not row:
            row[...] = one.scores
        settled[j] = replace(one, scores=row)

    queries = [j for j, (_, measure) in enumerate(measures) if isinstance(measure.score, Percentile | ScoreFormula)]
    each(settle_one, queries, threads=1)  # they share a database and what it has found already
    each(settle_one, sorted(set(range(len(measures))) - set(queries)), threads=threads_for(scores.shape[1]))
    return tuple(settled[j] for j in range(len(measures))), dict(sorted(entered.items()))


def _entered(observation: Observation) -> Floats:
    return np.where(np.equal(observation.source, _METRIC), np.nan, observation.scores)


def _rolled(card: Scorecard, scores: Floats, settled: tuple[Settled, ...], weights: Floats) -> RollUp:
    groups = card.groups.values()
    return roll_up(
        scores,
        [one.freshness for one in settled],
        [one.observed_share() for one in settled],
        weights,
        np.repeat(np.arange(len(groups)), [len(group.measures) for group in groups]),
        whole([group.weight for group in groups]),
        card.minimum_coverage,
    )


def _overridden(card: Scorecard, entities: Entities, rows: Rows, scores: Floats, rolled: RollUp) -> Overridden:
    """The card's overrides. Their conditions see everything as computed."""
    conditions = {override.name: override.when for override in card.overrides}
    used = {name.dotted for condition in conditions.values() for name in names_in(condition)}
    computed: dict[str, Floats] = {"overall": rolled.overall}
    computed |= {f"measure.{name}": scores[j] for j, name in enumerate(card.measures)}
    computed |= {f"group.{name}": rolled.groups[g] for g, name in enumerate(card.groups)}
    extra: dict[str, Column] = {name: nullable(column) for name, column in computed.items() if name in used}
    evaluated = entities.evaluate(conditions, rows, extra, where="override '{}'")
    return apply_overrides(
        rolled.overall,
        [(override.effect.kind, override.effect.value) for override in card.overrides],
        [evaluated.truth(override.name) for override in card.overrides],
        entities.project.schemes[card.scheme],
    )
