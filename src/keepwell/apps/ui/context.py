"""What every page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.ui.navigation import SECTIONS, Section


@dataclass(frozen=True)
class Item:
    section: Section
    current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation for who is signed in, and how they like the page."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"theme": "auto"}
    seen = [one for one in SECTIONS if user.may(Permission(one.permission))]
    return {
        "navigation": [Item(one, _is_in(request.path, one)) for one in seen],
        "theme": user.preferences.get("theme", "auto"),
    }


def _is_in(path: str, section: Section) -> bool:
    return path == section.path if section.path == "/" else path.startswith(section.path)
