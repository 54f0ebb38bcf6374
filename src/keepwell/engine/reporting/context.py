"""What a chart works with: the time it is of, and a way to ask questions, each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.catalogue import holds_accounts
from keepwell.definitions.dashboards import DEFAULT_PERIOD
from keepwell.definitions.periods import Period
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.spans import Span, span_before, span_of


class Question(Protocol):
    """A query as a value: equal questions have equal answers."""

    def lowered(self, relations: Relations) -> ir.Table:
        """The query."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Context:
    """One page, or one widget alone. `period`: that of the page."""

    relations: Relations
    period: Period = DEFAULT_PERIOD
    run: Callable[[ir.Table], pa.Table] | None = None
    answers: dict[Question, pa.Table] = field(default_factory=dict)

    def ask(self, question: Question) -> pa.Table:
        """The answer to a question, executed once."""
        if question not in self.answers:
            run = self.run or self.relations.tables.run
            self.answers[question] = run(question.lowered(self.relations))
        return self.answers[question]

    def period_of(self, widget: WidgetBase) -> Period:
        """Its own, else what the reader asks for, else that of the page."""
        return widget.period or self.relations.asked.period or self.period

    def is_of_accounts(self, widget: WidgetBase) -> bool:
        return holds_accounts(self.relations.project, widget.dataset)

    def is_timeless(self, widget: WidgetBase) -> bool:
        """Whether its rows have no time by which a period could choose them."""
        dataset = self.relations.reader.project.datasets.get(widget.dataset)
        return self.is_of_accounts(widget) or dataset is None or not (dataset.occurred_at or dataset.changed_at)

    def span(self, widget: WidgetBase) -> Span:
        """The days that its rows are of; of accounts, and rows without a time, all up to the last.

        Of all time means as far as is known, which may be after the date that accounts are of.
        """
        period = self.period_of(widget)
        span = span_of(period, self.relations.asked.as_of)
        if self.is_timeless(widget):
            return Span(None, span.last)
        return Span(None, max(span.last, self._known_until())) if period.place == "all" else span

    def _known_until(self) -> date:
        asked, zone = self.relations.asked, self.relations.project.settings.time_zone
        if asked.known_at is None:
            return asked.as_of
        known = asked.known_at
        return (known.astimezone(ZoneInfo(zone)) if known.tzinfo else known).date()

    def before(self, widget: WidgetBase) -> Span | None:
        """The days it is compared with; accounts are compared with how they were when the period began."""
        period, as_of = self.period_of(widget), self.relations.asked.as_of
        if not self.is_of_accounts(widget):
            return None if self.is_timeless(widget) else span_before(period, as_of)
        first = span_of(period, as_of).first
        return None if first is None else Span(None, first - timedelta(days=1))
