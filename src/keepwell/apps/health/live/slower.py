"""Metrics that are read from all facts, at a slower beat: a round takes them as they were found last."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import dataclass, field

from keepwell.apps.health.live.answered import Answered, dated
from keepwell.engine.building.aggregating import Aggregates, Answers, Question

AT_LEAST, TIMES = 60.0, 20


@dataclass
class Slower:
    """What reading everything gave last, and when to read again. Seconds are of the process's own clock.

    Reading waits `at_least` so long, and so many `times` as long as it took. A round is `begun` with the way to read;
    then the engine asks for `tables`. `is_reading`: this round reads anew.
    """

    at_least: float = AT_LEAST
    times: float = TIMES
    is_reading: bool = True
    _answered: Answered = field(default_factory=Answered)
    _began: float = 0.0
    _took: float = 0.0
    _full: Aggregates | None = None

    @property
    def is_due(self) -> bool:
        return time.monotonic() - self._began >= max(self.at_least, self.times * self._took)

    @property
    def is_used(self) -> bool:
        """Whether any metric is read this way."""
        return bool(self._answered)

    def begin(self, full: Aggregates, *, anew: bool) -> Aggregates:
        """The aggregates of a round; `anew`: whatever the time is."""
        self.is_reading = anew or self.is_due
        self._full = full
        if self.is_reading:
            self._answered.clear()
            self._began, self._took = time.monotonic(), 0.0
        return self

    def tables(self, asked: Question, beside: Executor) -> Answers:
        """As they were found last for these dates; a later date is read at once."""
        if asked.metrics and self._answered.of(asked) is None:
            self._read(asked, beside)
        return self._answered.tables(asked)

    def _read(self, asked: Question, beside: Executor) -> None:
        assert self._full is not None
        began = time.monotonic()
        self._answered.keep(asked, dated(self._full.tables(asked, beside)))
        self._took += time.monotonic() - began
