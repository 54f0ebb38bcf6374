"""The write keys that may send, as every request asks for them: kept for two seconds, looked up anew where unknown."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import psycopg

from keepwell.apps.usage.ingestion.connecting import Connection, connect
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken

KEPT = 2.0
_SQL = "select id, key, origins, properties from usage_writekey where revoked_at is null"


@dataclass(frozen=True)
class LiveKey:
    id: int
    key: str
    origins: frozenset[str]
    kept: frozenset[str]


class KeyRing:
    """Of one process. While the database is gone the keys that were known are known still."""

    def __init__(self) -> None:
        self._keys: dict[str, LiveKey] = {}
        self._read_at = self._failed_at = float("-inf")
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def find(self, key: str) -> LiveKey | None:
        """None for one that is unknown or revoked. Raises RequestNotTaken where nobody can tell."""
        asked = time.monotonic()
        if self._is_old(asked):
            self._renew(asked, needed=not self._keys)
        found = self._keys.get(key)
        if found is None and self._read_at < asked:
            self._renew(asked, needed=True)
            found = self._keys.get(key)
        return found

    def may_any(self, origin: str) -> bool:
        """Whether any key may be used on pages of this origin: a browser asks before it says which key."""
        asked = time.monotonic()
        if self._is_old(asked) or not self._allows(origin):
            self._renew(asked, needed=False)
        return self._allows(origin)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _allows(self, origin: str) -> bool:
        return any(origin in key.origins for key in self._keys.values())

    def _is_old(self, asked: float) -> bool:
        """A database that is gone is not asked by every request."""
        return asked - max(self._read_at, self._failed_at) > KEPT

    def _renew(self, asked: float, *, needed: bool) -> None:
        """What another thread found since it was asked holds for this one too."""
        with self._lock:
            if max(self._read_at, self._failed_at) < asked:
                self._try_to_read()
            if needed and self._read_at < asked:
                raise database_gone()

    def _try_to_read(self) -> None:
        try:
            self._keys = self._read()
            self._read_at = time.monotonic()
        except psycopg.Error:
            self._failed_at = time.monotonic()

    def _read(self) -> dict[str, LiveKey]:
        try:
            return self._asked()
        except psycopg.Error:
            self.close()
            return self._asked()

    def _asked(self) -> dict[str, LiveKey]:
        if self._connection is None or self._connection.closed:
            self._connection = connect()
        rows = self._connection.execute(_SQL).fetchall()
        return {key: LiveKey(number, key, frozenset(origins), frozenset(kept)) for number, key, origins, kept in rows}


def database_gone() -> RequestNotTaken:
    return RequestNotTaken(503, "unavailable", "the database does not answer: send this again later", after=5)
