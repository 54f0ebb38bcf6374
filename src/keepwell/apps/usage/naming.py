"""The ids under which events name a person, for pages about people."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from keepwell.apps.customers.source_names import Names, SourceName, register_names
from keepwell.apps.usage.models import SamePerson, SourcePerson


def register() -> None:
    register_names("usage", _names)


def _names(keys: Collection[uuid.UUID]) -> Names:
    """Their own, and those of visitors who turned out to be them."""
    leads = {key: key for key in keys}
    leads |= dict(SamePerson.objects.filter(same_as__in=keys).values_list("key", "same_as"))
    found: dict[uuid.UUID, list[SourceName]] = {}
    for one in SourcePerson.objects.filter(key__in=leads):
        found.setdefault(leads[one.key], []).append(SourceName(one.kind, one.source_id, one.first_seen))
    return found
