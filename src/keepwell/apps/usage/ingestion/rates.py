"""How many messages a second a key may send to one process, where the installation sets a limit."""

from __future__ import annotations

import math
import threading
import time

from keepwell.apps.usage.ingestion.refusals import RequestNotTaken


class Rates:
    """A second's messages at once, then as many as the seconds bring. A batch that begins within is taken whole.

    `limit`: messages a second; 0 for none.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left: dict[int, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key_id: int, messages: int) -> None:
        """Raises RequestNotTaken with the seconds until there is room again."""
        if not self._limit:
            return
        with self._lock:
            now = time.monotonic()
            left, since = self._left.get(key_id, (float(self._limit), now))
            left = min(left + (now - since) * self._limit, self._limit)
            if left > 0:
                left -= messages
                self._left[key_id] = left, now
                return
        words = f"this write key may send {self._limit:,} messages a second"
        raise RequestNotTaken(429, "rate_limited", words, after=max(1, math.ceil(-left / self._limit)))
