"""Sources that a process keeps open: a few at once, each taken by one question at a time."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore

from keepwell.apps.dashboards.answering.source import Source
from keepwell.errors import InputError, RequestRefused

AT_ONCE, WAIT_SECONDS = 2, 30.0

_FREE: list[tuple[Hashable, Source]] = []
_LOCK = Lock()
_ROOM = Semaphore(AT_ONCE)


class ManyAsk(RequestRefused):
    """Too many ask at this moment."""


@contextmanager
def source_for(stamp: Hashable, made: Callable[[], Source]) -> Iterator[Source]:
    """A source for one question. One whose stamp is not this one any more is closed; so is one that met a defect.

    Raises ManyAsk where none becomes free.
    """
    if not _ROOM.acquire(timeout=WAIT_SECONDS):
        raise ManyAsk("many people ask for reports at this moment; ask again in a minute")
    try:
        source = _taken(stamp) or made()
        try:
            source.renew()
            yield source
        except InputError:
            _put_back(stamp, source)
            raise
        except BaseException:
            source.close()
            raise
        else:
            _put_back(stamp, source)
    finally:
        _ROOM.release()


def close_all() -> None:
    """Gives back what free sources hold."""
    with _LOCK:
        while _FREE:
            _FREE.pop()[1].close()


atexit.register(close_all)


def _taken(stamp: Hashable) -> Source | None:
    with _LOCK:
        while _FREE:
            kept, source = _FREE.pop()
            if kept == stamp:
                return source
            source.close()
    return None


def _put_back(stamp: Hashable, source: Source) -> None:
    with _LOCK:
        _FREE.append((stamp, source))
