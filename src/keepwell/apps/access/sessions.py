"""Sessions in the database, as Django keeps them, read by a query that is planned once: every page begins with it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from keepwell.apps.access.prepared import prepared_cursor

_SQL = "select session_data from django_session where session_key = %s and expire_date > %s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        with prepared_cursor() as cursor:
            cursor.execute(_SQL, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None  # what somebody made up names no session that is begun for them
            return {}
        return self.decode(found[0])
