"""Questions to the lake, counted beside the pages: a few at once, each for so long and no longer, answers kept a while.

A page waits a moment for its answer and then says how long it has been counting; it asks again, and takes the answer
that was made for it. So the heaviest question holds up no other page, and is stopped in the end.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Lock, Semaphore, Thread
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import connections

from keepwell.errors import RequestRefused

AT_ONCE, MOST_WAITING, MOST_KEPT = 2, 24, 96
KEPT_SECONDS, SLOW_SECONDS = 600.0, 1.0
FRESH_SECONDS = 60.0
"""An answer that took long is given for so long although rows came in meanwhile: whoever asked for it must get it."""

REFUSED_SECONDS = 15.0
OF_PAGES, OF_CALLS, OF_FILES = 1.0, 3.0, 5.0
"""Seconds that a page, a call of the API and a file wait for their figures."""

_EVERY = 0.05
_MEANWHILE: ContextVar[float | None] = ContextVar("how long to wait for an answer", default=None)
Answer = TypeVar("Answer")


class Stoppable(Protocol):
    """What is at work on an answer."""

    def interrupt(self) -> None:
        """Ends the statement that runs, if one does."""


Watch = Callable[[Stoppable], None]
Work = Callable[[Watch], Any]
"""Makes an answer; whoever runs statements in it hands them to the watch, so that they can be stopped."""


class StillCounting(Exception):
    """The answer is not there yet; `seconds`: for how long it has been asked for, of `limit`."""

    def __init__(self, seconds: float, limit: int) -> None:
        super().__init__(f"still counting after {seconds:.0f} of at most {limit} seconds; ask again in a moment")
        self.seconds, self.limit = int(seconds), limit


class TookTooLong(RequestRefused):
    """Counting was stopped."""


class ManyAsk(RequestRefused):
    """So many questions wait that one more is not taken."""


@contextmanager
def waiting(seconds: float | None) -> Iterator[None]:
    """Answers that take longer raise StillCounting inside; None: they are waited for."""
    before = _MEANWHILE.set(None if seconds is None else time.monotonic() + seconds)
    try:
        yield
    finally:
        _MEANWHILE.reset(before)


@dataclass
class Question:
    """`version`: of what the answer rests on. `asked`, `ended`: of the process's own clock."""

    version: Hashable
    work: Work
    asked: float = field(default_factory=time.monotonic)
    ended: float = 0.0
    has_begun: bool = False
    answer: Any = None
    error: Exception | None = None
    is_over: Event = field(default_factory=Event)
    at_work: list[Stoppable] = field(default_factory=list)

    def serves(self, version: Hashable) -> bool:
        """Whether its answer is as good as a new one; a refusal is for those who waited for it."""
        now = time.monotonic()
        if not self.is_over.is_set():
            return self.version == version or not self.has_begun or now - self.asked >= SLOW_SECONDS
        was_slow = self.ended - self.asked >= SLOW_SECONDS
        if self.error is not None:
            return was_slow and now - self.ended < REFUSED_SECONDS
        return self.version == version or (was_slow and now - self.ended < FRESH_SECONDS)

    def carry_out(self, limit: float) -> None:
        """Ends with an answer or an error, soon after `limit` seconds at the latest."""
        stopped = Event()
        Thread(target=self._stop_after, args=(limit, stopped), daemon=True).start()
        try:
            self.answer = self.work(self.at_work.append)
        except Exception as error:
            self.error = _too_long(limit) if stopped.is_set() else error
        finally:
            self.ended = time.monotonic()
            self.is_over.set()
            self.at_work.clear()

    def _stop_after(self, limit: float, stopped: Event) -> None:
        if self.is_over.wait(limit):
            return
        stopped.set()
        while not self.is_over.wait(_EVERY):  # between two statements there is nothing to interrupt
            for one in list(self.at_work):
                one.interrupt()


def _too_long(limit: float) -> TookTooLong:
    return TookTooLong(
        f"counting took longer than {limit:g} seconds and was stopped: choose a segment or fewer days, or have "
        "KEEPWELL_COUNT_LIMIT raised"
    )


def _closing(work: Work) -> Work:
    """A connection to the database that the work opened in its thread is closed before anybody has the answer."""

    def carried_out(watch: Watch) -> Any:
        try:
            return work(watch)
        finally:
            connections.close_all()

    return carried_out


@dataclass
class Counting:
    """The questions of one process and their answers."""

    questions: OrderedDict[Hashable, Question] = field(default_factory=OrderedDict)
    turn: Lock = field(default_factory=Lock)
    places: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))

    def of(self, key: Hashable, version: Hashable, prepare: Callable[[], Work]) -> Any:
        """The answer to the question `key`, while `version` stays what it is kept for a while.

        `prepare` is called here where the answer is not there, and what it gives in a thread beside: reads of the
        database belong to the first, of the lake to the second. Raises StillCounting, TookTooLong and what work raises.
        """
        question = self._question(key, version, prepare)
        until = _MEANWHILE.get()
        if not question.is_over.wait(None if until is None else max(0.0, until - time.monotonic())):
            raise StillCounting(time.monotonic() - question.asked, limit())
        if question.error is not None:
            raise question.error
        return question.answer

    def _question(self, key: Hashable, version: Hashable, prepare: Callable[[], Work]) -> Question:
        with self.turn:
            self._forget()
            found = self.questions.get(key)
            if found is not None and found.serves(version):
                self.questions.move_to_end(key)
                return found
            if sum(not one.is_over.is_set() for one in self.questions.values()) >= MOST_WAITING:
                raise ManyAsk("many figures are being counted at this moment: try again in a minute")
            made = self.questions[key] = Question(version, _closing(prepare()))
        Thread(target=self._take_turn, args=(made, limit()), daemon=True).start()
        return made

    def _take_turn(self, question: Question, limit: float) -> None:
        with self.places:
            question.has_begun = True
            question.carry_out(limit)

    def _forget(self) -> None:
        now = time.monotonic()
        over = [key for key, one in self.questions.items() if one.is_over.is_set()]
        many = len(self.questions) - MOST_KEPT
        for place, key in enumerate(over):
            if place < many or now - self.questions[key].ended > KEPT_SECONDS:
                del self.questions[key]

    def forget_all(self) -> None:
        """Begins anew, as a process does."""
        self.questions.clear()


def limit() -> int:
    """Seconds that one question may take."""
    return int(settings.ENVIRONMENT.count_limit)


COUNTING = Counting()
