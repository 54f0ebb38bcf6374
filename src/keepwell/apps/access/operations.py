"""What people set for themselves."""

from __future__ import annotations

from keepwell.apps.access.models import User

THEMES = ("auto", "light", "dark")


def choose_theme(*, user: User, theme: str) -> None:
    """How pages look to this person; a theme that does not exist is as the system says."""
    user.preferences = {**user.preferences, "theme": theme if theme in THEMES else "auto"}
    user.save(update_fields=["preferences"])
