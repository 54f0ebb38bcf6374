"""The words in which advocacy is said."""

from __future__ import annotations

from django.db import models


class AdvocateStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    RESTING = "resting", "Resting"
    DECLINED = "declined", "Declined"


class RequestStatus(models.TextChoices):
    """`open`: nobody was found for it yet."""

    OPEN = "open", "Looking for somebody"
    ASKED = "asked", "Asked"
    AGREED = "agreed", "Agreed"
    SCHEDULED = "scheduled", "Scheduled"
    DONE = "done", "Done"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


WAITING = (RequestStatus.OPEN, RequestStatus.ASKED, RequestStatus.AGREED, RequestStatus.SCHEDULED)
"""Requests that are not over."""

COUNTING = (RequestStatus.ASKED, RequestStatus.AGREED, RequestStatus.SCHEDULED)
"""Requests that wait for somebody: they count towards limits; done ones count as their activity."""

NEXT: dict[str, tuple[RequestStatus, ...]] = {
    RequestStatus.OPEN: (RequestStatus.WITHDRAWN,),
    RequestStatus.ASKED: (RequestStatus.AGREED, RequestStatus.DECLINED, RequestStatus.WITHDRAWN),
    RequestStatus.AGREED: (RequestStatus.SCHEDULED, RequestStatus.DECLINED, RequestStatus.WITHDRAWN),
    RequestStatus.SCHEDULED: (RequestStatus.DECLINED, RequestStatus.WITHDRAWN),
}
"""What a request may become by a step; `asked` comes with whom is asked, `done` with an activity."""

MAY_BE_DONE = (RequestStatus.ASKED, RequestStatus.AGREED, RequestStatus.SCHEDULED)


class Result(models.TextChoices):
    OPEN = "open", "Open"
    WON = "won", "Won"
    LOST = "lost", "Lost"
