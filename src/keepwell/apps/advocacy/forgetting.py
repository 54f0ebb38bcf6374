"""Whoever is erased is no advocate by name any more; what they did stays counted by their key."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from keepwell.apps.advocacy.models import Activity, ActivityChange, Advocate, Request, RequestStep
from keepwell.apps.customers.forgetting import register_forgetter
from keepwell.apps.timeline.models import Revision, TimelineEntry

_ERASED = "Erased"


def register() -> None:
    register_forgetter("advocacy", forget)


def forget(key: UUID, _: Collection[str]) -> None:
    """Words that people wrote about them go, wherever they are kept; kinds, days, amounts and ratings stay."""
    Advocate.objects.filter(person=key).delete()
    mine = Activity.objects.filter(person=key)
    ActivityChange.objects.filter(activity__in=mine).update(before={}, reason="")
    entries = TimelineEntry.objects.filter(key__in=[f"advocacy:{pk}" for pk in mine.values_list("pk", flat=True)])
    asked = Request.objects.filter(person=key)
    said = [f"advocacy_request:{pk}:" for pk in asked.values_list("pk", flat=True)]
    for start in said:
        entries |= TimelineEntry.objects.filter(key__startswith=start)
    Revision.objects.filter(entry__in=entries).update(content={})
    entries.update(title=_ERASED, text="", attendees=[], links=[])
    mine.update(title=_ERASED, text="", link="")
    RequestStep.objects.filter(person=key).update(note="")
    asked.update(wanted="", override="")
