"""The number in the bell of every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from keepwell.apps.access.models import User
from keepwell.apps.notices.queries import unread


def bell(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices`: asked of the database only by a page that shows it."""
    user = getattr(request, "user", None)
    return {"unread_notices": SimpleLazyObject(lambda: unread(user))} if isinstance(user, User) else {}
