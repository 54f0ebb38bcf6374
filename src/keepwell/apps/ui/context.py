"""What every page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.ui.navigation import GROUPS, SECTIONS, Group, Section


@dataclass(frozen=True)
class Item:
    section: Section
    current: bool


@dataclass(frozen=True)
class GroupItem:
    """A group with its pages that one may see; `path`: the first of them."""

    title: str
    path: str
    items: tuple[Item, ...]

    @property
    def current(self) -> bool:
        return any(one.current for one in self.items)


@dataclass(frozen=True)
class Who:
    """What a page says of who is signed in."""

    name: str
    email: str
    role: str


@dataclass(frozen=True)
class Frame:
    """Navigation for who is signed in, and how they like the page."""

    user: Who
    navigation: tuple[Item, ...]
    configure: tuple[GroupItem, ...]
    theme: str

    def context(self) -> dict[str, Any]:
        """As templates name it."""
        return vars(self)


def frame_of(user: User, path: str) -> Frame:
    """What stands around the page at an address."""
    permitted = frozenset(one for one in Permission if user.may(one))
    return _frame(Who(user.name, user.email, user.role), permitted, user.preferences.get("theme", "auto"), path)


@lru_cache(maxsize=256)
def _frame(who: Who, permitted: frozenset[Permission], theme: str, path: str) -> Frame:
    groups = (_group(group, permitted, path) for group in GROUPS)
    return Frame(who, _items(SECTIONS, permitted, path), tuple(one for one in groups if one.items), theme)


def _group(group: Group, permitted: frozenset[Permission], path: str) -> GroupItem:
    items = _items(group.sections, permitted, path)
    return GroupItem(group.title, items[0].section.path if items else "", items)


def _items(sections: tuple[Section, ...], permitted: frozenset[Permission], path: str) -> tuple[Item, ...]:
    return tuple(Item(one, one.holds(path)) for one in sections if one.permission in permitted)


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame for a template, which knows `user` as it is."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"theme": "auto"}
    return {**frame_of(user, request.path).context(), "user": user}
