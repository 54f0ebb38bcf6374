"""What higher apps know and alerts need: who sees which accounts, and the time zone of the project."""

from __future__ import annotations

from collections.abc import Callable, Collection

from keepwell.apps.access.models import User

Sees = Callable[[User, Collection[str]], set[str]]
"""Those of some accounts (ids) that a person may see."""

_sees: list[Sees] = []
_zone: list[Callable[[], str]] = []


def register_sight(sees: Sees) -> None:
    _sees[:] = [sees]


def register_zone(zone: Callable[[], str]) -> None:
    """`zone`: the name of the project's time zone."""
    _zone[:] = [zone]


def seen(user: User, accounts: Collection[str]) -> set[str]:
    """Those of some accounts that a person may see; nothing where nobody said how that is known."""
    wanted = {one for one in accounts if one}
    return _sees[0](user, wanted) if _sees and wanted else set()


def usual_zone() -> str:
    return _zone[0]() if _zone else "UTC"
