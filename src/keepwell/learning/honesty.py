"""Honesty: what a backtest may not see, because nobody knows what it was at the time.

An attribute of accounts without `changed_at` is what it is today, and so is every row of a dataset without a time of
its own; either may have been written after the outcome. Whatever rests on one is taken out of the definitions, so that
no query and no score can come to it, unless somebody says that it was then as it is now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from keepwell.definitions.expressions import Expression, names_in, segments_in
from keepwell.definitions.measures import Measure, Percentile
from keepwell.definitions.metrics import (
    AggregateMetric,
    AttributeMetric,
    ChangeMetric,
    ChildrenMetric,
    FormulaMetric,
    MetricBase,
)
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind, Group, Scorecard
from keepwell.engine.facts import FactSource
from keepwell.errors import RequestRefused
from keepwell.learning.reading import is_dated

ALL = "all"
"""Trusts every attribute and dataset."""


@dataclass(frozen=True)
class Honest:
    """A project without anything that rests on attributes or datasets of unknown history, and what that took away.

    `left_out` names what went, such as "measure 'seats' of scorecard 'health'", with what it rests on, such as
    "attribute 'seats' of 'accounts'".
    """

    project: Project
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def undated(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.left_out.values())))

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for a report."""
        by_cause = {cause: [what for what, of in self.left_out.items() if of == cause] for cause in self.undated}
        return tuple(
            f"{cause} has no history, so nobody knows what it was at the time; left out: {'; '.join(whats)}"
            for cause, whats in by_cause.items()
        )


def honest(project: Project, source: FactSource, trusted: Collection[str] = ()) -> Honest:
    """`project` as it may be backtested.

    `trusted`: names of attributes and datasets without history that were then as they are now; ALL for every one.
    Raises RequestRefused for a trusted name that does not exist, where a card applies by something without history, and
    where nothing of the cards for accounts is left.
    """
    _refuse_strange_names(project, source, trusted)
    return _Cleaning(project, source, trusted).cleaned()


class _Cleaning:
    def __init__(self, project: Project, source: FactSource, trusted: Collection[str]) -> None:
        self._project = project
        self._trusts_all = ALL in trusted
        self._trusted = frozenset(trusted)
        self._source = source
        self._undated = {kind: self._undated_attributes(kind) for kind in ("account", "relationship")}
        self._metrics: dict[tuple[str, str], str | None] = {}
        self._segments: dict[str, str | None] = {}
        self._left_out: dict[str, str] = {}

    def cleaned(self) -> Honest:
        project = self._project
        chosen_by = {name: self._choice(card) for name, card in project.scorecards.items()}
        if any(chosen_by.values()):
            raise RequestRefused(*(_refusal(name, cause) for name, cause in chosen_by.items() if cause))
        cards = {name: self._card(name, card) for name, card in project.scorecards.items()}
        kept_cards = {name: card for name, card in cards.items() if card is not None}
        if not any(card.entity_kind == "account" for card in kept_cards.values()):
            raise RequestRefused(nothing_left("the scorecards", Honest(project, self._left_out)))
        metrics = {name: metric for name, metric in project.metrics.items() if self._is_seen("metric", name)}
        segments = {name: one for name, one in project.segments.items() if self._is_seen("segment", name)}
        kept = replace(project, metrics=metrics, segments=segments, scorecards=kept_cards)
        return Honest(kept, dict(self._left_out))

    def _is_seen(self, what: str, name: str) -> bool:
        cause = self._of_segment(name) if what == "segment" else self._of_metric(name, "account")
        if cause:
            self._left_out[f"{what} '{name}'"] = cause
        return cause is None

    def _undated_attributes(self, kind: EntityKind) -> Mapping[str, str]:
        """Attributes of accounts (relationships: and of their accounts) without history, each with its description."""
        found: dict[str, str] = {}
        roles = ("accounts",) if kind == "account" else ("accounts", "relationships")
        for role in roles:
            for name, dataset in self._project.all_with_role(role).items():  # type: ignore[arg-type]
                if dataset.changed_at or self._trusts_all or name in self._trusted:
                    continue
                known = {dataset.key, dataset.started_at, dataset.ended_at} | self._trusted
                columns = set(self._source.table(name).columns) - known
                found |= {column: f"attribute '{column}' of '{name}'" for column in columns}
        return found

    def _choice(self, card: Scorecard) -> str | None:
        return None if card.applies_to is None else self._of_expression(card.applies_to, card.entity_kind)

    def _card(self, name: str, card: Scorecard) -> Scorecard | None:
        kind = card.entity_kind
        groups = {key: group for key, one in card.groups.items() if (group := self._group(name, one, kind)) is not None}
        if sum(group.weight for group in groups.values()) <= 0:
            return None
        measures = {measure for group in groups.values() for measure in group.measures}
        overrides = []
        for override in card.overrides:
            cause = self._of_override(override.when, card, measures, groups.keys())
            if cause is None:
                overrides.append(override)
            else:
                self._left_out[f"override '{override.name}' of scorecard '{name}'"] = cause
        return card.model_copy(update={"groups": groups, "overrides": tuple(overrides)})

    def _group(self, card: str, group: Group, kind: EntityKind) -> Group | None:
        measures = {}
        for name, measure in group.measures.items():
            kept, cause = self._measure(name, measure, kind)
            if kept is not None:
                measures[name] = kept
            if cause:
                part = "measure" if kept is None else "the metric of measure"
                self._left_out[f"{part} '{name}' of scorecard '{card}'"] = cause
        if sum(measure.weight for measure in measures.values()) <= 0:
            return None
        return group.model_copy(update={"measures": measures})

    def _measure(self, name: str, measure: Measure, kind: EntityKind) -> tuple[Measure | None, str | None]:
        """What is left of a measure, and why not all of it: entered scores are dated and stay."""
        if not measure.reads_metric:
            return measure, None
        cause = self._of_metric(measure.metric or name, kind)
        if cause is None and isinstance(measure.score, Percentile) and measure.score.percentile.within is not None:
            cause = self._of_expression(measure.score.percentile.within, kind)
        if cause is None:
            return measure, None
        others = tuple(source for source in measure.source_order if source != "metric")
        entered = measure.model_copy(update={"sources": others, "metric": None, "score": None})
        return (entered if others else None), cause

    def _of_override(
        self, when: Expression, card: Scorecard, measures: Collection[str], groups: Collection[str]
    ) -> str | None:
        for name in names_in(when):
            if len(name.parts) > 1:
                there = measures if name.parts[0] == "measure" else groups
                if name.parts[1] not in there:
                    return self._cause_of_part(name.parts[1])
        return self._of_expression(when, card.entity_kind, skip=("overall",))

    def _cause_of_part(self, part: str) -> str:
        """What a measure rested on that is gone; for a group what its measures did."""
        causes = [cause for what, cause in self._left_out.items() if f"measure '{part}' of" in what]
        return causes[0] if causes else next(iter(self._left_out.values()))

    def _of_expression(self, expression: Expression, kind: EntityKind, skip: Collection[str] = ()) -> str | None:
        """The first undated attribute or dataset that an account expression rests on; None where all is dated."""
        causes = (cause for cause in self._causes(expression, kind, skip) if cause)
        return next(causes, None)

    def _causes(self, expression: Expression, kind: EntityKind, skip: Collection[str]) -> Iterator[str | None]:
        for name in names_in(expression):
            plain = name.parts[0]
            if len(name.parts) > 1 or (plain in skip and plain not in self._project.metrics):
                continue
            yield self._of_metric(plain, kind) if plain in self._project.metrics else self._undated[kind].get(plain)
        for segment in segments_in(expression):
            yield self._of_segment(segment)

    def _of_segment(self, name: str) -> str | None:
        if name not in self._segments:
            self._segments[name] = None
            self._segments[name] = self._of_expression(self._project.segments[name], "account")
        return self._segments[name]

    def _of_metric(self, name: str, kind: EntityKind) -> str | None:
        if (name, kind) not in self._metrics:
            self._metrics[name, kind] = None
            self._metrics[name, kind] = self._traced(self._project.metrics[name], kind)
        return self._metrics[name, kind]

    def _traced(self, metric: MetricBase, kind: EntityKind) -> str | None:
        if isinstance(metric, AttributeMetric):
            return self._undated[kind].get(metric.attribute)
        if isinstance(metric, AggregateMetric):
            return self._of_dataset(metric.dataset)
        if isinstance(metric, ChangeMetric):
            return self._of_metric(metric.change_of, kind)
        if isinstance(metric, FormulaMetric):
            return self._of_expression(metric.formula, kind)
        if isinstance(metric, ChildrenMetric):
            return self._of_children(metric)
        return None

    def _of_children(self, metric: ChildrenMetric) -> str | None:
        kind: EntityKind = "account" if metric.of == "accounts" else "relationship"
        accounts = self._project.with_role("accounts")
        if kind == "account" and accounts and accounts[1].parent in self._undated["account"]:
            return self._undated["account"][str(accounts[1].parent)]
        named = [name for name in (metric.children, metric.weight) if name]
        causes = [
            self._of_metric(name, kind) if name in self._project.metrics else self._undated[kind].get(name)
            for name in named
        ]
        return next((cause for cause in causes if cause), None)

    def _of_dataset(self, name: str) -> str | None:
        dataset = self._project.datasets[name]
        if self._trusts_all or name in self._trusted or is_dated(dataset):
            return None
        return f"dataset '{name}'"


def nothing_left(of: str, cleaned: Honest) -> str:
    """Why nothing of some cards can be backtested, and what to do."""
    return (
        f"nothing of {of} can be backtested: every measure rests on something without history. "
        f"{'. '.join(cleaned.notes)}. "
        "Date the changes of accounts with 'changed_at', or name with --trust what was then as it is now"
    )


def _refusal(card: str, cause: str) -> str:
    return (
        f"scorecard '{card}' is chosen by {cause}, which has no history: nobody knows which card an account had then. "
        "Date its changes with 'changed_at', or name it with --trust if it was then as it is now"
    )


def known_names(project: Project, source: FactSource) -> frozenset[str]:
    """What can be trusted: datasets, columns of accounts and relationships, ALL."""
    known = {ALL, *project.datasets}
    for role in ("accounts", "relationships"):
        for name in project.all_with_role(role):
            known |= set(source.table(name).columns)
    return frozenset(known)


def _refuse_strange_names(project: Project, source: FactSource, trusted: Collection[str]) -> None:
    known = known_names(project, source)
    problems = [unknown("attribute or dataset to trust", name, known) for name in trusted if name not in known]
    if problems:
        raise RequestRefused(*problems)
