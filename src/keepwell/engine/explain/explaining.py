"""Explains one score: from the overall down to each measure."""

from __future__ import annotations

from collections.abc import Sequence

from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.explain.explanation import (
    ByHandExplanation,
    Explanation,
    Gain,
    GroupExplanation,
    MeasureExplanation,
    OverrideExplanation,
)
from keepwell.engine.explain.measures import explain_measure
from keepwell.engine.explain.overriding import explain_by_hand, explain_overrides
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import Placed, Subject, null_or, subject
from keepwell.engine.explain.waterfall import waterfall
from keepwell.engine.explain.wording import UNASSIGNED, share
from keepwell.engine.scores import Scores
from keepwell.engine.scoring.bands import display_score, label_of
from keepwell.engine.values import Values


def explain(
    project: Project, values: Values, scores: Scores, entity_id: str, entity_kind: EntityKind = "account"
) -> Explanation:
    """Everything behind the score of one entity.

    `scores` are those that `score_values(project, values)` gives. Raises RequestRefused for an entity that is not in
    the population.
    """
    one = subject(State(project, values, scores), entity_kind, entity_id)
    return _unassigned(one) if one.place is None else _explained(one, one.place)


def _unassigned(one: Subject) -> Explanation:
    cards = one.state.project.cards_for(one.entity_kind)
    reason = (
        f"no scorecard applies: {', '.join(f'{name} is for {card.applies_to}' for name, card in cards.items())}"
        if cards
        else f"there is no scorecard for {one.entity_kind}s"
    )
    return Explanation(
        **_head(one),  # type: ignore[arg-type]
        scorecard=None,
        title=None,
        version=None,
        assignment=reason,
        scheme=None,
        computed=None,
        final=None,
        label=UNASSIGNED,
        shown=None,
        coverage=None,
        minimum_coverage=None,
        reason=reason,
    )


def _explained(one: Subject, placed: Placed) -> Explanation:
    card = placed.card
    groups = _groups(one, placed)
    measures = [measure for group in groups for measure in group.measures]
    overrides = explain_overrides(one, placed)
    by_hand = explain_by_hand(one, placed, overrides[-1].after if overrides else placed.computed)
    return Explanation(
        **_head(one),  # type: ignore[arg-type]
        scorecard=card.scorecard,
        title=card.card.title or card.scorecard,
        version=card.version,
        assignment=_assignment(one, placed),
        scheme=card.scheme,
        computed=placed.computed,
        final=placed.final,
        label=label_of(placed.final, card.scheme),
        shown=display_score(placed.final, card.scheme),
        coverage=float(card.coverage[placed.at]),
        minimum_coverage=card.card.minimum_coverage,
        reason=unknown_reason(placed),
        groups=groups,
        overrides=overrides,
        by_hand=by_hand,
        waterfall=waterfall(measures, placed.computed, overrides, by_hand, card.scheme),
        gains=_gains(measures),
        gains_note=_gains_note(overrides, by_hand),
    )


def _head(one: Subject) -> dict[str, object]:
    values = one.state.values
    found = one.state.project.with_role("accounts" if one.entity_kind == "account" else "relationships")
    column = found[1].name if found else None
    name = one.values.attributes[column][one.row].as_py() if column in one.values.attributes.column_names else None
    return {
        "entity_kind": one.entity_kind,
        "entity_id": one.entity_id,
        "account_id": str(one.values.accounts[one.row].as_py()),
        "name": None if name is None else str(name),
        "as_of": values.as_of,
        "known_at": values.known_at,
    }


def _assignment(one: Subject, placed: Placed) -> str:
    card = placed.card
    pins = one.ledger(one.values.pins).to_pylist()
    if pins and pins[0]["scorecard"] == card.scorecard:
        who = f" by {pins[0]['author']}" if pins[0]["author"] else ""
        return f"pinned to {card.scorecard}{who}" + (f": {pins[0]['reason']}" if pins[0]["reason"] else "")
    order = list(one.state.project.cards_for(one.entity_kind))
    first = (
        "" if order[0] == card.scorecard else f", and none of {', '.join(order[: order.index(card.scorecard)])} does"
    )
    if card.card.applies_to is None:
        return f"{card.scorecard} applies to everybody{first}"
    return f"{card.scorecard} applies: {card.card.applies_to}{first}"


def unknown_reason(placed: Placed) -> str | None:
    """Why no score was computed; None where one was."""
    if placed.computed is not None:
        return None
    card = placed.card
    coverage, minimum = float(card.coverage[placed.at]), card.card.minimum_coverage
    weights = [group.weight for group in card.card.groups.values()]
    scored = [null_or(score) is not None for score in card.group_scores[:, placed.at]]
    if not any(weight and has for weight, has in zip(weights, scored, strict=True)):
        return "no group of positive weight has a score"
    return f"only {share(coverage)} of the weight is observed, and the card asks for {share(minimum)}"


def _groups(one: Subject, placed: Placed) -> tuple[GroupExplanation, ...]:
    card, found = placed.card, []
    for g, (name, group) in enumerate(card.card.groups.items()):
        measures = tuple(explain_measure(one, placed, name, *item) for item in group.measures.items())
        score = null_or(card.group_scores[g, placed.at])
        found.append(
            GroupExplanation(
                name=name,
                title=group.title or name,
                help=group.help,
                weight=group.weight,
                share=_sum([measure.effective_weight for measure in measures]),
                score=score,
                label=None if score is None else label_of(score, card.scheme),
                coverage=float(card.group_coverage[g, placed.at]),
                contribution=_sum([measure.contribution for measure in measures]),
                measures=measures,
            )
        )
    return tuple(found)


def _sum(parts: Sequence[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _gains(measures: Sequence[MeasureExplanation]) -> tuple[Gain, ...]:
    lost = [Gain(one.name, one.title, one.points_lost) for one in measures if one.points_lost]
    return tuple(sorted(lost, key=lambda gain: -gain.points))


def _gains_note(overrides: Sequence[OverrideExplanation], by_hand: Sequence[ByHandExplanation]) -> str | None:
    """The last override that lowers or sets the score: while it lasts, better measures may not show."""
    holding = [(one.effect, f"override {one.name}") for one in overrides if one.moved]
    holding += [(one.effect, "an override by hand") for one in by_hand if one.moved]
    holding = [(effect, what) for effect, what in holding if not effect.startswith("at least")]
    if not holding:
        return None
    effect, what = holding[-1]
    return f"while {what} holds ({effect}), the final score does not follow the measures freely"
