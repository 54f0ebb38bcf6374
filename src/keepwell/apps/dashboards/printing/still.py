"""A whole dashboard at one moment, for one reader: every widget with its numbers and its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.dashboards.answering.answers import answer, moment_of
from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.catalogue import Shown
from keepwell.apps.dashboards.drawing.numbers import number_of
from keepwell.apps.dashboards.drawing.picture import Picture, pictured
from keepwell.apps.dashboards.drawing.words import span_said, time_said
from keepwell.apps.dashboards.files import head_of
from keepwell.apps.dashboards.showing import Stand, chips, stands, taken
from keepwell.definitions.catalogue import holds_accounts
from keepwell.engine.reporting.results import Result


@dataclass(frozen=True)
class Drawn:
    """One widget, in the place where it stands. `of_accounts`: its rows are accounts as they were on a day."""

    stand: Stand
    result: Result
    picture: Picture
    of_accounts: bool = False

    @property
    def name(self) -> str:
        return self.stand.name

    @property
    def title(self) -> str:
        return self.stand.title

    @property
    def option_id(self) -> str:
        return f"option-{self.name}"

    @cached_property
    def number(self) -> Any:
        """What a number says; None of every other chart."""
        is_number = self.stand.chart == "number" and self.result.problem is None and not self.result.is_empty
        return number_of(self.result) if is_number else None

    @property
    def heads(self) -> list[str]:
        return [head_of(one) for one in self.result.columns]

    def beyond(self, most: int) -> int:
        """How many rows there are after so many; of tables those too that their limit leaves out."""
        counts = self.result.chart == "table" and self.result.found is not None
        return max((self.result.found or 0 if counts else self.result.rows.num_rows) - most, 0)

    @property
    def span(self) -> str:
        return span_said(self.result.span, is_of_accounts=self.of_accounts) if self.result.span else ""

    @property
    def compared(self) -> str:
        return span_said(self.result.compared, is_of_accounts=self.of_accounts) if self.result.compared else ""


@dataclass(frozen=True)
class Still:
    """`reader`: by name. `narrowed`: what narrows it, in words. `day`: the last day that is shown."""

    shown: Shown
    reader: str
    day: date | None
    period: str
    narrowed: Sequence[str]
    widgets: Sequence[Drawn]

    @property
    def said(self) -> str:
        """What it is of, in a line."""
        parts = [self.period, f"data up to {time_said(self.day)}" if self.day else "nothing was scored yet"]
        return ", ".join([*parts, *self.narrowed])


def still_of(actor: Actor, shown: Shown, asked: AskedInPage, *, seconds: float | None = None) -> Still:
    """Under the rights that the actor has now; a widget that cannot be answered says why in its place, and so does one
    that is not begun when `seconds` have passed."""
    results, moment = answer(actor, shown, asked, seconds=seconds), moment_of(shown)
    drawn = [_drawn(shown, one, results[one.name]) for one in stands(shown)]
    period = (asked.period or str(shown.dashboard.period)).replace("_", " ")
    return Still(shown, actor.name, moment.day if moment else None, period, list(_narrowed(shown, asked)), drawn)


def _drawn(shown: Shown, stand: Stand, result: Result) -> Drawn:
    widget = shown.dashboard.widgets[stand.name]
    picture = pictured(shown.project, stand.name, widget, result)
    return Drawn(stand, result, picture, holds_accounts(shown.project, widget.dataset))


def _narrowed(shown: Shown, asked: AskedInPage) -> list[str]:
    words = [f"{one.title}: {', '.join(one.values)}" if one.values else one.title
             for one in chips(shown, asked) if one.is_on]  # fmt: skip
    return words + [one.words for one in taken(shown, asked)]
