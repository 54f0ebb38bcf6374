"""What time brings: reminders, and responses that were begun and left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from keepwell.apps.notices.outbox import write_letters
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.following import follow, invitations_changed
from keepwell.apps.surveys.models import Invitation, Response, ResponseStatus
from keepwell.apps.surveys.sending.queueing import COMPOSER
from keepwell.apps.surveys.timing import today, zone
from keepwell.engine.surveys.closing import reminder_due

QUIET = timedelta(hours=24)
"""A response that nobody goes on with for so long counts as far as it goes; going on replaces it."""
_AT_ONCE = 500


def remind(now: datetime) -> int:
    """Writes the reminders that are due. Returns how many; doing it again writes none."""
    return sum(_remind_some(pks, now) for pks in _in_parts(_waiting()))


def _waiting() -> Iterator[int]:
    found = Invitation.objects.filter(
        channel="email", finished_at=None, withdrawn_at=None, bounced_at=None, sent_at__isnull=False
    )
    return found.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000)


@transaction.atomic
def _remind_some(pks: list[int], now: datetime) -> int:
    held = Invitation.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=pks, finished_at=None)
    due = [one for one in held if _is_due(one, now)]
    for one in due:
        one.reminded_at = [*one.reminded_at, now]
    Invitation.objects.bulk_update(due, ["reminded_at"])
    invitations_changed(due)
    letters = [(f"survey:{one.pk}:{len(one.reminded_at)}", f"{one.pk}:{len(one.reminded_at)}") for one in due]
    return write_letters(COMPOSER, letters)


def _is_due(one: Invitation, now: datetime) -> bool:
    survey = definition(one.survey, one.version)
    if survey.reminders is None or (one.closes_on is not None and today(now) > one.closes_on):
        return False
    local = zone()
    asked = (one.sent_at or one.asked_at).astimezone(local).date()
    return reminder_due(survey, asked, [each.astimezone(local).date() for each in one.reminded_at], today(now))


def count_left(now: datetime) -> int:
    """Responses that nobody goes on with, or that cannot be gone on with, count from now on. Returns how many."""
    closed = Q(invitation__closes_on__lt=today(now)) | Q(invitation__link__closed_at__isnull=False)
    left = Response.objects.filter(Q(touched_at__lt=now - QUIET) | closed, status=ResponseStatus.STARTED)
    return sum(_count_some(pks, now) for pks in _in_parts(left.order_by("pk").values_list("pk", flat=True).iterator()))


@transaction.atomic
def _count_some(pks: list[int], now: datetime) -> int:
    held = Response.objects.select_for_update(skip_locked=True, of=("self",))
    found = [one for one in held.filter(pk__in=pks, status=ResponseStatus.STARTED) if any(
        answer is not None for answer in one.answers.values())]  # fmt: skip
    for one in found:
        one.status, one.answered_at, one.recorded_at = ResponseStatus.PARTIAL, one.touched_at, now
    Response.objects.bulk_update(found, ["status", "answered_at", "recorded_at"])
    follow(found)
    return len(found)


def _in_parts(numbers: Iterator[int]) -> Iterator[list[int]]:
    part: list[int] = []
    for one in numbers:
        part.append(one)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part
