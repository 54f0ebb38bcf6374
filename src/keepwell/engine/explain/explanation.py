"""What is said of one score: plain data, from the overall down to each measure, ready to be printed or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import EntityKind

Value = float | str | bool | date | datetime | None
"""A value of a metric or an attribute as it was read; None for null."""

StepKind = Literal["measure", "override", "by_hand"]


@dataclass(frozen=True)
class Step:
    """One step of the waterfall.

    The first starts at 0, each next one where the one before ended, and the last ends at the final score.
    `change` is a measure's contribution, or what an override did. `shown` is `change` as a page shows it: of all steps
    together they sum to the final score as it is shown.
    """

    kind: StepKind
    name: str  # of the measure or override; "by_hand" for an override by hand
    title: str
    before: float
    after: float
    change: float
    shown: Decimal


@dataclass(frozen=True)
class SourceExplanation:
    """What one source of a measure says, and whether that counted.

    `status`: counted | outranked (live, but another one goes before it) | stale (past valid_for, or its data is
    silent) | expired | withdrawn | empty (has never said anything, or the metric is null).
    """

    source: str  # manual | rule | api | metric
    status: Literal["counted", "outranked", "stale", "expired", "withdrawn", "empty"]
    score: float | None  # before when_stale and when_missing
    observed_on: date | None
    author: str | None = None
    comment: str | None = None
    occurred_at: datetime | None = None  # UTC; of entries
    expires_at: datetime | None = None  # UTC; of entries


@dataclass(frozen=True)
class LevelExplanation:
    """The level of a manual measure that applies: the nearest one at or below the entered score."""

    score: float
    label: str
    help: str | None


@dataclass(frozen=True)
class MeasureExplanation:
    """One line of the scorecard.

    `effective_weight` is the share in the overall score: 0 for a measure that does not count, None where there is no
    overall score. `contribution` likewise; over all measures it sums to the computed score. `points_lost` is what the
    overall would gain if the measure scored 100: its share times (100 - score); None where it does not count.
    """

    name: str
    title: str
    help: str | None
    group: str
    metric: str | None  # None for a measure that is only entered
    metric_title: str | None
    metric_help: str | None
    metric_definition: str | None  # in words: "count_distinct(user_id) of logins over 28 days"
    unit: str | None
    value: Value  # the metric's value, whether or not it counted
    source: str | None  # which source counted; None for null or imputed
    sources: tuple[SourceExplanation, ...]  # in the measure's order
    score: float | None  # after when_stale and when_missing
    label: str | None  # by the measure's own scheme, else the card's; None without a score
    scheme: str | None  # the measure's own, None where it has none
    level: LevelExplanation | None
    how: str  # how the value became the score, in words
    observed_on: date | None
    freshness: float  # 1 fresh, flagged or imputed; less where decayed; 0 without a score
    stale: bool
    stale_reason: str | None
    imputed: bool
    missing_reason: str | None  # why there is no score, or why one stands in
    weight: float
    effective_weight: float | None
    contribution: float | None
    points_lost: float | None


@dataclass(frozen=True)
class GroupExplanation:
    """One group: its score (None where no measure counts), coverage 0..1, share in the overall (None without one)."""

    name: str
    title: str
    help: str | None
    weight: float
    share: float | None
    score: float | None
    label: str | None
    coverage: float
    contribution: float | None
    measures: tuple[MeasureExplanation, ...]


@dataclass(frozen=True)
class OverrideExplanation:
    """One override of the card. `before` and `after`: the running final score, None without a computed score."""

    name: str
    reason: str | None
    condition: str
    saw: Mapping[str, Value]  # what the names and segments in the condition were
    held: bool | None  # None: not asked, since without a computed score no override of a card applies
    effect: str  # in words: "at most red"
    before: float | None
    after: float | None

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ByHandExplanation:
    """One override by hand in force. `problem` says why it could not be read, and changed nothing."""

    effect: str
    reason: str | None
    author: str | None
    recorded_at: datetime | None  # UTC
    until: datetime | None  # UTC, None: until withdrawn
    before: float | None
    after: float | None
    problem: str | None = None

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Gain:
    """How many points more the overall would have if one measure scored 100 and all else stayed."""

    measure: str
    title: str
    points: float


@dataclass(frozen=True)
class Explanation:
    """Everything behind one score.

    `reason` says why there is no computed score (no scorecard, too little coverage), None where there is one. Where no
    scorecard applies, `scorecard` and all that follows from it are None or empty and the label is "unassigned".
    `gains`: what would help most, largest first; `gains_note` says where an override holds the score whatever they do.
    """

    entity_kind: EntityKind
    entity_id: str
    account_id: str
    name: str | None
    as_of: date
    known_at: datetime  # naive UTC
    scorecard: str | None
    title: str | None
    version: str | None
    assignment: str  # in words: why this card
    scheme: Scheme | None
    computed: float | None
    final: float | None
    label: str
    shown: str | None  # the final score as a page shows it
    coverage: float | None
    minimum_coverage: float | None
    reason: str | None
    groups: tuple[GroupExplanation, ...] = ()
    overrides: tuple[OverrideExplanation, ...] = ()
    by_hand: tuple[ByHandExplanation, ...] = ()
    waterfall: tuple[Step, ...] = ()
    gains: tuple[Gain, ...] = ()
    gains_note: str | None = None

    @property
    def measures(self) -> tuple[MeasureExplanation, ...]:
        return tuple(measure for group in self.groups for measure in group.measures)
