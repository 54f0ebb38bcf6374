"""Which panels a person sees in which order: their own layout for a segment or for all, else their role's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Role
from keepwell.apps.customer360.panels import BY_NAME, PANELS
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account

EVERYBODY = ""
"""The layout for accounts of all segments."""

_FIRST: Mapping[Role, Sequence[str]] = {
    Role.VIEWER: ("scorecard", "history", "hierarchy"),
    Role.CSM: ("scorecard", "calls", "reach", "timeline", "history", "people"),
    Role.MANAGER: ("scorecard", "calls", "change", "history", "benchmark", "reach"),
    Role.ADMIN: ("scorecard", "history", "audit"),
}
"""What each role looks at first; the rest follows in the usual order."""


def layout_of(user: User | None, account: Account) -> list[Panel]:
    """The panels of the page for one person and account, in order."""
    kept: Mapping[str, Any] = user.preferences.get("layouts", {}) if user else {}
    for segment in (*account.segments, EVERYBODY):
        if segment in kept:
            return shown_panels(kept[segment])
    return role_layout(Role(user.role) if user else Role.VIEWER)


@dataclass(frozen=True)
class Arranged:
    """A panel where a person has it."""

    name: str
    title: str
    hidden: bool


def panels_of(user: User, segment: str) -> tuple[list[Arranged], bool]:
    """Every panel as kept for the segment, and whether the person arranged it; else as their role has it."""
    kept = user.preferences.get("layouts", {}).get(segment)
    panels = ordered(kept) if kept else role_layout(Role(user.role))
    hidden = kept.get("hidden", ()) if kept else ()
    return [Arranged(one.name, one.title, one.name in hidden) for one in panels], kept is not None


def role_layout(role: Role) -> list[Panel]:
    """What somebody of a role sees who has chosen nothing."""
    first = [BY_NAME[name] for name in _FIRST[role] if name in BY_NAME]
    return [*first, *(panel for panel in PANELS if panel not in first)]


def shown_panels(layout: Mapping[str, Sequence[str]]) -> list[Panel]:
    """Of a kept layout; panels that came after it was kept stand at the end."""
    order = ordered(layout)
    return [panel for panel in order if panel.name not in layout.get("hidden", ())]


def ordered(layout: Mapping[str, Sequence[str]]) -> list[Panel]:
    """All panels in the order of a kept layout, hidden ones included."""
    known = _known(layout.get("order", ()))
    return [*known, *(panel for panel in PANELS if panel not in known)]


def _known(names: Iterable[str]) -> list[Panel]:
    return [BY_NAME[name] for name in dict.fromkeys(names) if name in BY_NAME]
