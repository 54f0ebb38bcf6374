"""What overrides did to one score: those of the card in order, then those by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keepwell.definitions.expressions import InSegment, names_in, segments_in
from keepwell.definitions.scorecards import Override
from keepwell.engine.explain.explanation import ByHandExplanation, OverrideExplanation, Value
from keepwell.engine.explain.subject import Placed, Subject, null_or
from keepwell.engine.explain.wording import effect_words
from keepwell.engine.scoring.overrides import apply_by_hand, apply_effect


def explain_overrides(subject: Subject, placed: Placed) -> tuple[OverrideExplanation, ...]:
    """Every override of the card, replayed on the computed score."""
    found = []
    running = placed.computed
    for index, override in enumerate(placed.card.card.overrides):
        held = None if running is None else bool(placed.card.fired[index, placed.at])
        after = running
        if held and running is not None:
            effect = override.effect
            after = float(apply_effect(np.array([running]), effect.kind, effect.value, placed.card.scheme)[0])
        found.append(_override(subject, placed, override, held, running, after))
        running = after
    return tuple(found)


def _override(
    subject: Subject,
    placed: Placed,
    override: Override,
    held: bool | None,
    before: float | None,
    after: float | None,
) -> OverrideExplanation:
    return OverrideExplanation(
        name=override.name,
        reason=override.reason,
        condition=str(override.when),
        saw=_saw(subject, placed, override),
        held=held,
        effect=effect_words(override.effect.kind, override.effect.value),
        before=before,
        after=after,
    )


def _saw(subject: Subject, placed: Placed, override: Override) -> dict[str, Value]:
    found = {name.dotted: _seen(subject, placed, name.dotted) for name in names_in(override.when)}
    segments = {str(InSegment(name)): InSegment(name) for name in segments_in(override.when)}
    inside = subject.entities.evaluate(segments, np.array([subject.row]))
    return found | {words: bool(inside.truth(words)[0]) for words in segments}


def _seen(subject: Subject, placed: Placed, name: str) -> Value:
    """What a name in a condition stood for: all parts of the card as they were computed."""
    card, (kind, _, part) = placed.card, name.partition(".")
    if name == "overall":
        return placed.computed
    if kind == "measure" and part in placed.by_measure:
        return null_or(placed.scores[placed.by_measure[part]])
    if kind == "group" and part in card.groups:
        return null_or(card.group_scores[card.groups.index(part), placed.at])
    return subject.named(name)


def explain_by_hand(subject: Subject, placed: Placed, before: float | None) -> tuple[ByHandExplanation, ...]:
    """Every override by hand in force, oldest first, from the score that those of the card left."""
    table, found = subject.ledger(subject.values.overrides), []
    for row in range(len(table)):
        one = table.slice(row, 1)
        after, problem = _applied(subject, placed, one, before)
        found.append(_by_hand(one, before, after, problem))
        before = after
    return tuple(found)


def _applied(subject: Subject, placed: Placed, one: pa.Table, before: float | None) -> tuple[float | None, str | None]:
    running = np.array([np.nan if before is None else before])
    result = apply_by_hand(running, np.array([subject.row]), subject.values.ids, one, placed.card.scheme)
    return null_or(result.final[0]), next(iter(result.problems), None)


def _by_hand(one: pa.Table, before: float | None, after: float | None, problem: str | None) -> ByHandExplanation:
    row = one.to_pylist()[0]
    return ByHandExplanation(
        effect=effect_words(str(row["effect"]), row["value"]),
        reason=row["reason"],
        author=row["author"],
        recorded_at=row["recorded_at"],
        until=row["until"],
        before=before,
        after=after,
        problem=problem,
    )
