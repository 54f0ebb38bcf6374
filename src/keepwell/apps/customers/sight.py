"""Who sees which accounts, and in which time zone people are, for those who tell people of them."""

from __future__ import annotations

from collections.abc import Collection

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import User
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.queries import visible
from keepwell.apps.notices.registering import register_sight, register_zone
from keepwell.errors import DefinitionsRefused


def register() -> None:
    register_sight(_sees)
    register_zone(_zone)


def _sees(user: User, accounts: Collection[str]) -> set[str]:
    return set(visible(Person(user)).filter(pk__in=accounts).values_list("pk", flat=True))


def _zone() -> str:
    """The project's; UTC before the first publication."""
    try:
        project = current_project()
    except DefinitionsRefused:
        return "UTC"
    return project.settings.time_zone if project else "UTC"
