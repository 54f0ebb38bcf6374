"""Secrets of connections at rest, where the extra is installed."""

from __future__ import annotations

from collections.abc import Mapping

from keepwell.apps.access import sealing
from keepwell.connect.extra import require_extra

_PURPOSE = "secrets of connections"


def sealed(secrets: Mapping[str, str]) -> str:
    """As the database keeps them; nothing for none."""
    require_extra()
    return sealing.sealed(secrets, _PURPOSE)


def opened(kept: str) -> dict[str, str]:
    """Raises RequestRefused where they were sealed with another key."""
    if not kept:
        return {}
    require_extra()
    return sealing.opened(kept, _PURPOSE)
