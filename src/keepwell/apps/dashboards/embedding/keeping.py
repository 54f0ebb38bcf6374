"""Embedded pages are kept for a minute and made one at a time in a process: a page of others that many people read, or
that somebody asks for on purpose, takes neither the reports nor the turns of those who work here."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import BoundedSemaphore, Lock

KEPT_SECONDS, MOST = 60.0, 50
_WAITING = BoundedSemaphore(2)
"""One that makes a page and one that waits for it; whoever comes then is told to come again."""

_MAKING, _GUARD = Lock(), Lock()
_KEPT: OrderedDict[Hashable, tuple[float, str]] = OrderedDict()


def kept(key: Hashable, make: Callable[[], str]) -> str | None:
    """The page of a key, which says all that it rests on. None: others are being made, come again in seconds."""
    if (page := _there(key)) is not None:
        return page
    if not _WAITING.acquire(blocking=False):
        return None
    try:
        with _MAKING:
            page = _there(key)  # whom this waited for may have made it
            return _keep(key, make()) if page is None else page
    finally:
        _WAITING.release()


def _there(key: Hashable) -> str | None:
    with _GUARD:
        made, page = _KEPT.get(key, (0.0, ""))
    return page if page and time.monotonic() - made < KEPT_SECONDS else None


def _keep(key: Hashable, page: str) -> str:
    with _GUARD:
        _KEPT[key] = (time.monotonic(), page)
        _KEPT.move_to_end(key)
        while len(_KEPT) > MOST:
            _KEPT.popitem(last=False)
    return page
