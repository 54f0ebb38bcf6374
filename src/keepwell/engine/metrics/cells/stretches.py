"""Cells: stretches of days between the edges of all windows, and the first moment at which a row was known.

No window of any moment begins or ends within a stretch, so what a moment sees is always whole cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from keepwell.definitions.project import Project
from keepwell.engine.metrics.facts import AGE
from keepwell.engine.metrics.plan import DatasetPlan
from keepwell.engine.metrics.visible import RECORDED
from keepwell.engine.moments import Moment, end_of_day

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Stretches:
    """The cells for `moments`, which may share dates. Ages count back from the last date among them.

    `windows`: those asked for (None: all days); either all or none have an end. `waits`: whether rows may become known
    later than they happened, or moments look before their date had ended. `by_day`: a stretch for every day.
    """

    moments: tuple[Moment, ...]
    windows: frozenset[int | None]
    waits: bool
    by_day: bool = False

    @cached_property
    def last(self) -> Moment:
        """The moment from which everything is seen that any of them sees."""
        return Moment(max(one.as_of for one in self.moments), max(one.known_at for one in self.moments))

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """By moment: the age of its date."""
        return tuple((self.last.as_of - one.as_of).days for one in self.moments)

    @property
    def days(self) -> int | None:
        """So many days before the last date are seen; None: all."""
        windows = [window for window in self.windows if window is not None]
        return max(self.offsets) + max(windows) if windows else None

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The age at which each stretch begins, ascending; it ends where the next begins."""
        if self.by_day:
            assert self.days is not None
            return tuple(range(self.days))
        ends = {offset + window for offset in self.offsets for window in self.windows if window is not None}
        return tuple(sorted({0, *self.offsets, *ends} - {self.days}))

    @cached_property
    def arrivals(self) -> tuple[datetime, ...]:
        """The times at which moments look, ascending; one where it is the same to all rows."""
        return tuple(sorted({one.known_at for one in self.moments})) if self.waits else (self.last.known_at,)

    @cached_property
    def looked(self) -> tuple[int, ...]:
        """By moment: the number of its time in `arrivals`."""
        return tuple(self.arrivals.index(one.known_at) if self.waits else 0 for one in self.moments)

    def stretch(self, facts: ir.Table) -> ir.IntegerValue:
        """The number of the stretch that a row lies in."""
        if self.starts == tuple(range(len(self.starts))) and len(self.starts) == self.days:
            return facts[AGE]
        return _place(self.starts, lambda start: facts[AGE] < start)

    def arrival(self, facts: ir.Table) -> ir.IntegerValue:
        """The number of the first time in `arrivals` at which a row was known."""
        return _place((None, *self.arrivals[:-1]), lambda time: facts[RECORDED] <= ibis.literal(time, type="timestamp"))

    def seen(self, window: int | None) -> Mask:
        """[moments, stretches, arrivals]: whether a moment sees a cell."""
        starts, offsets = np.array(self.starts), np.array(self.offsets)
        age = starts[None, :] - offsets[:, None]
        inside = (age >= 0) if window is None else (age >= 0) & (age < window)
        known = np.arange(len(self.arrivals))[None, :] <= np.array(self.looked)[:, None]
        return inside[:, :, None] & known[:, None, :]


_MOST_LISTED = 1000
"""Rows of more days are grouped by cell and not listed, so that days fit in memory by entity."""


def stretches_of(project: Project, plan: DatasetPlan, moments: tuple[Moment, ...]) -> Stretches:
    """The cells for all requests of a plan."""
    dataset, zone = project.datasets[plan.dataset], project.settings.time_zone
    early = any(one.known_at < end_of_day(one.as_of, zone) for one in moments)
    windows = frozenset(request.window for request in plan.requests)
    return Stretches(moments, windows, waits=bool(dataset.recorded_at or dataset.arrives_after or early))


def may_list(stretches: Stretches, dialect: str) -> bool:
    """Whether rows may be listed: in this process, where a list is passed on as it lies in memory."""
    return dialect == "duckdb" and stretches.days is not None and stretches.days <= _MOST_LISTED


def _place(edges: Sequence[Any], lies_before: Any, first: int = 0) -> ir.IntegerValue:
    """The number of the last of ascending edges that a value does not lie before, found by halves."""
    if len(edges) == 1:
        return ibis.literal(first, type="int16")
    middle = len(edges) // 2
    lower = _place(edges[:middle], lies_before, first)
    upper = _place(edges[middle:], lies_before, first + middle)
    chosen: ir.IntegerValue = ibis.ifelse(lies_before(edges[middle]), lower, upper)
    return chosen
