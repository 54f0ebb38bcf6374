"""How letters of surveys stand: what waits, what was given up, and sends that failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from keepwell.apps.notices.models import Mail
from keepwell.apps.surveys.models import Invitation, SendStatus, SurveySend
from keepwell.apps.surveys.sending.queueing import COMPOSER

PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    """`stuck`: letters are due and none has left for ten minutes; `given_up`: without those whose address was
    refused, who are not written to again; `error`: what the mail server said last; `failed_sends`: in words."""

    waiting: int
    stuck: bool
    given_up: int
    refused: int
    error: str
    failed_sends: tuple[str, ...]


def standing(now: datetime) -> Standing:
    """Of all sends."""
    letters = Mail.objects.filter(composer=COMPOSER, sent_at=None, withdrawn_at=None)
    waiting, failed = letters.filter(failed_at=None), letters.filter(failed_at__isnull=False)
    given_up = failed.exclude(Exists(_refused())).count()
    of_note = waiting if not given_up else failed.exclude(Exists(_refused()))
    last = of_note.exclude(error="").order_by("-pk").values_list("error", flat=True).first()
    unwritten = Invitation.objects.filter(channel="email", queued_at=None, withdrawn_at=None).count()
    return Standing(waiting.count() + unwritten, _stuck(waiting, now), given_up, failed.count() - given_up,
                    last or "", _failed_sends())  # fmt: skip


def _refused() -> QuerySet[Invitation]:
    """The invitation of a letter, where the mail server refused its address for good."""
    number = Func(OuterRef("about"), Value(":"), Value(1), function="split_part")
    return Invitation.objects.filter(pk=Cast(number, BigIntegerField()), bounced_at__isnull=False)


def _stuck(waiting: QuerySet[Mail], now: datetime) -> bool:
    """A server that is away takes the letter at the head none of its tries, and leaves all behind it due."""
    due = waiting.filter(Q(due_at__lt=now - PATIENCE) | (Q(attempts=0) & ~Q(error="")))
    return due.exists() and not Mail.objects.exclude(composer="").filter(sent_at__gt=now - PATIENCE).exists()


def _failed_sends() -> tuple[str, ...]:
    """Those after which the survey was not sent well."""
    later = SurveySend.objects.filter(survey=OuterRef("survey"), pk__gt=OuterRef("pk"))
    failed = SurveySend.objects.filter(status=SendStatus.FAILED).exclude(Exists(later)).order_by(F("pk").desc())
    return tuple(f"{one.survey}: {(one.error.splitlines() or ['no reason is known'])[0]}" for one in failed[:3])
