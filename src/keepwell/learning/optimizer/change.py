"""What a draft changes, measure by measure, in plain data and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from keepwell.definitions.measures import Imputed, Levels, Linear, Measure, ScoreFormula, Steps
from keepwell.definitions.scorecards import Scorecard
from keepwell.learning.optimizer.conditions import current_shares
from keepwell.learning.optimizer.draft import kept
from keepwell.learning.optimizer.fitting import Fitted
from keepwell.learning.optimizer.rounding import plain
from keepwell.learning.optimizer.shaping import Shaped
from keepwell.learning.outcomes import Floats

Kind = Literal["kept", "added", "dropped"]


@dataclass(frozen=True)
class Change:
    """One measure. Shares are in per cent of the card; `low` and `high` bound the new one; None: not in that card.

    `old_score` and `new_score`: how values score, as a definition would say it. `why`: in words.
    """

    kind: Kind
    name: str
    title: str | None
    group: str
    old_share: float | None
    new_share: float | None
    low: float | None
    high: float | None
    old_score: object
    new_score: object
    when_missing: object
    why: str


def changes_of(
    card: Scorecard, draft: Scorecard, fitted: Fitted, intervals: Floats, left_out: Mapping[str, str]
) -> tuple[Change, ...]:
    """Measures of the draft by weight, then those that it drops."""
    found = [*_in_draft(card, draft, fitted, intervals), *_dropped(card, draft, left_out)]
    return tuple(sorted(found, key=lambda one: (one.kind == "dropped", -(one.new_share or 0), one.name)))


def score_of(measure: Measure | None) -> object:
    """The `score` of a measure as plain values, as YAML would hold it; None for a measure that people score."""
    if measure is None or measure.score is None:
        return None
    return measure.score.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _in_draft(card: Scorecard, draft: Scorecard, fitted: Fitted, intervals: Floats) -> Iterator[Change]:
    old_shares, new_shares = current_shares(card), current_shares(draft)
    for j, (one, group) in enumerate(zip(fitted.lines, fitted.groups, strict=True)):
        name, old = one.line.name, one.line.measure
        measure = draft.measures.get(name)
        if measure is None or not any(line is one for line, _, _ in kept(fitted)):
            continue
        yield Change(
            kind="kept" if old is not None else "added",
            name=name,
            title=measure.title,
            group=group,
            old_share=old_shares.get(name),
            new_share=new_shares[name],
            low=float(intervals[j, 0]),
            high=float(intervals[j, 1]),
            old_score=score_of(old),
            new_score=score_of(measure),
            when_missing=measure.when_missing.score if isinstance(measure.when_missing, Imputed) else "skip",
            why="; ".join(_why(one, old, old_shares.get(name), new_shares[name])),
        )


def _dropped(card: Scorecard, draft: Scorecard, left_out: Mapping[str, str]) -> Iterator[Change]:
    shares = current_shares(card)
    for group, members in card.groups.items():
        for name, measure in members.measures.items():
            still = draft.measures.get(name)
            if still is not None and (still.weight > 0 and draft.groups[group].weight > 0):
                continue
            why = left_out.get(name, "nothing was learned of it")
            if still is not None:
                why += "; it stays without weight, because an override names it"
            yield Change(
                "dropped",
                name,
                measure.title,
                group,
                shares[name],
                None,
                None,
                None,
                score_of(measure),
                None,
                None,
                why,
            )


def _why(one: Shaped, old: Measure | None, old_share: float | None, new_share: float) -> Iterator[str]:
    if one.line.is_fixed:
        yield "fixed by the limits"
        return
    if old_share is None:
        yield "the card does not use it, and it tells something beside the others"
    elif abs(new_share - old_share) < 3:
        yield "it weighs what it did"
    else:
        yield f"it tells {'more' if new_share > old_share else 'less'} beside the others than its weight said"
    if one.shape is None:
        yield "its scores are taken as they are"
    elif old is not None and _is_turned(old, one):
        better = "higher" if one.higher_is_better else "lower"
        yield f"turned over: in these data {better} values go with staying"
    if one.missing is not None:
        yield f"{one.missing_share:.0%} of the observations have no value, and score {plain(one.missing)}"


def _is_turned(old: Measure, one: Shaped) -> bool:
    rises = _rises(old)
    return rises is not None and one.higher_is_better is not None and rises != one.higher_is_better


def _rises(measure: Measure) -> bool | None:
    """Whether higher values score higher; None where that cannot be read off."""
    shape = measure.score
    scores: Sequence[float] = ()
    if isinstance(shape, Linear):
        scores = [score for _, score in shape.linear]
    elif isinstance(shape, Steps):
        scores = [step.score for step in shape.steps]
    elif isinstance(shape, Levels | ScoreFormula):
        return None
    if len(scores) < 2 or scores[0] == scores[-1]:
        return None
    return scores[-1] > scores[0]
