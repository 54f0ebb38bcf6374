"""What Django calls a database backend; the name of this file is Django's."""

from __future__ import annotations

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper

_PREPARED = "keepwell:prepared"


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection stands, without asking the server before every page.

        A server that went away closed its end or said so; either waits to be read where nothing should. Only then is
        it asked.
        """
        if self.connection is None or self.connection.closed or not hasattr(select, "poll"):
            return super().is_usable()
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()

    def prepared_cursor(self) -> CursorWrapper:
        """For a query of which every page has one: its values stay apart from its text, so it is planned once."""
        return self._cursor(_PREPARED)  # type: ignore[attr-defined]

    def create_cursor(self, name: str | None = None) -> Any:
        return psycopg.Cursor(self.connection) if name == _PREPARED else super().create_cursor(name)
