"""Who gave some responses: account and person by name, as far as these are still known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from keepwell.apps.surveys.models import Response


@dataclass(frozen=True)
class Who:
    key: str
    account_id: str | None
    account: str
    person: str


def people_of(responses: Collection[int]) -> Mapping[int, Who]:
    """By the number of the response."""
    found = Response.objects.filter(pk__in=responses).values_list(
        "pk", "key", "account_id", "account__name", "person__personal__name", "person__personal__email"
    )
    return {
        pk: Who(key, account, name or account or "", person or email or "")
        for pk, key, account, name, person, email in found
    }
