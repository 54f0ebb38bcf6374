"""Events of two entries of one person are counted as those of one."""

from __future__ import annotations

import uuid

from keepwell.apps.customers.joining import Joiner, register_joiner
from keepwell.apps.usage.models import SamePerson


def register() -> None:
    register_joiner("usage", Joiner(_join, _part))


def _join(key: uuid.UUID, into: uuid.UUID) -> None:
    SamePerson.objects.update_or_create(key=key, defaults={"same_as": into})


def _part(key: uuid.UUID, into: uuid.UUID) -> None:
    SamePerson.objects.filter(key=key, same_as=into).delete()
