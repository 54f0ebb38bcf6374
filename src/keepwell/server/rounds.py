"""What whoever drains does again and again: a batch, live scores, dates that came late, files put together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import OperationalError

from keepwell.apps.access.asking import ask_once
from keepwell.apps.adoption.mapping.backfilling import step
from keepwell.apps.health.live.arrivals import are_kept
from keepwell.apps.health.live.scoring import Live
from keepwell.apps.health.live.seen import seen_by_run
from keepwell.apps.usage.draining.batch import MOST, Batch, Drain, today
from keepwell.apps.usage.draining.placing import Places
from keepwell.apps.usage.draining.tending import Tending
from keepwell.apps.usage.models import Drained
from keepwell.errors import KeepwellError

log = logging.getLogger("keepwell.drain")
_AT_LEAST = 5.0
"""Scores are renewed so often even while batches wait: somebody may be looking."""

_BREATH = 0.2
"""So long it rests where more is waiting to be counted, or what waits cannot be."""

_LATE_EVERY, _AFTER_FAILURE = 60.0, 30.0


@dataclass
class Scores:
    """Live scores, once a round. `wanted`: something came in that they have not seen."""

    live: Live = field(default_factory=Live)
    wanted: bool = False
    known: datetime | None = None
    ended: float = 0.0
    rests_until: float = 0.0

    def take(self, batch: Batch) -> None:
        self.wanted = True
        self.known = max((one for one in (self.known, batch.newest) if one is not None), default=None)

    def due(self, *, is_behind: bool) -> None:
        """Renews them where that is due. What goes wrong is told, and holds up no batch."""
        began = time.monotonic()
        if began < self.rests_until or (is_behind and began - self.ended < _AT_LEAST):
            return
        if not self.wanted and not self.live.owes and not self.live.is_called and not self._is_behind:
            return
        try:
            self.live.renew(known=self.known)
            self.wanted = False
            self._rest(_BREATH if self.live.is_called else 0.0)
        except OperationalError:
            raise
        except KeepwellError as error:
            log.warning("live scores wait: %s", error)
            self._rest(_AFTER_FAILURE)
        except Exception:
            log.exception("live scores begin anew")
            self.live = Live()
            self._rest(_AFTER_FAILURE)

    @property
    def _is_behind(self) -> bool:
        return self.live.run is not None and self.live.is_behind

    def _rest(self, seconds: float) -> None:
        self.ended = time.monotonic()
        self.rests_until = self.ended + seconds


@dataclass
class Late:
    """Dates of the past that something came in for, looked at by a worker not more than once a minute."""

    first: date | None = None
    asked: float = field(default_factory=lambda: time.monotonic() - _LATE_EVERY)

    def take(self, day: date | None) -> None:
        if day is not None and day < today():
            self.first = day

    def due(self) -> None:
        if self.first is not None and time.monotonic() - self.asked >= _LATE_EVERY:
            self.first, self.asked = None, time.monotonic()
            ask_once("health:late")


@dataclass
class Rounds:
    """`check` raises where the lock is lost."""

    check: Callable[[], None]
    drain: Drain = field(default_factory=Drain)
    scores: Scores = field(default_factory=Scores)
    late: Late = field(default_factory=Late)

    def __post_init__(self) -> None:
        self.tending = Tending(self.drain.tables, seen=seen_by_run)
        self.places = Places(self.drain.tables, turn=self.drain.turn)

    def begin(self) -> None:
        """Ends what somebody left in the middle."""
        for batch in self.drain.finish():
            self._follow(batch)
        self._placed(self.places.finish())
        self.scores.wanted = self.scores.wanted or Drained.objects.exists() or are_kept()

    def turn(self) -> bool:
        """One batch and what follows from it; True where more waits already."""
        self.check()
        batch = self.drain.next()
        if batch is not None:
            self._follow(batch)
        is_behind = batch is not None and batch.messages >= MOST
        self._placed(None if is_behind else self.places.due())
        self.scores.due(is_behind=is_behind)
        self.late.due()
        self.tending.due(today())
        return is_behind or step(self.drain.tables)

    @property
    def is_called(self) -> bool:
        """Whether a turn is wanted before its time."""
        return time.monotonic() >= self.scores.rests_until and self.scores.live.is_called

    def _follow(self, batch: Batch) -> None:
        self.scores.take(batch)
        self.late.take(batch.earliest)
        self.places.take(batch.placed)

    def _placed(self, first: date | None) -> None:
        """Events of days from `first` on got their account."""
        if first is not None:
            self.scores.wanted = True
            self.late.take(first)
