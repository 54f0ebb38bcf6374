"""What every page shows around its content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.ui.navigation import CONFIGURE, SECTIONS, Section


@dataclass(frozen=True)
class Item:
    section: Section
    current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Navigation for who is signed in, and how they like the page."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"theme": "auto"}
    return {
        "navigation": _items(user, request.path, SECTIONS),
        "configure": _items(user, request.path, CONFIGURE),
        "theme": user.preferences.get("theme", "auto"),
    }


def _items(user: User, path: str, sections: Iterable[Section]) -> list[Item]:
    return [Item(one, _is_in(path, one)) for one in sections if user.may(Permission(one.permission))]


def _is_in(path: str, section: Section) -> bool:
    return path == section.path if section.path == "/" else path.startswith(section.path)
