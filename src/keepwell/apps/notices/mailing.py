"""Mail of alerts: what is due is written, each person's in one message, most important account first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from keepwell.apps.access.models import User
from keepwell.apps.notices.kinds import Way
from keepwell.apps.notices.models import MailedAlert
from keepwell.apps.notices.outbox import write_mail_once
from keepwell.apps.notices.preferences import Preferences, preferences_of
from keepwell.apps.notices.registering import seen
from keepwell.apps.notices.wording import digest_subject, digest_text, mail_text

_PEOPLE_AT_ONCE = 500


def mail_what_is_due(now: datetime, *, users: Collection[int] | None = None) -> int:
    """Writes the mail of alerts whose time has come. Returns how many messages; doing it again writes none."""
    due = MailedAlert.objects.filter(ended_at=None, due_at__lte=now)
    if users is not None:
        due = due.filter(user__in=users)
    written, skip = 0, set[int]()
    while whose := set(due.exclude(user__in=skip).values_list("user", flat=True).distinct()[:_PEOPLE_AT_ONCE]):
        people = User.objects.in_bulk(whose)
        chosen = preferences_of(list(people.values()))
        written += sum(_write(user, chosen[user.pk], now) for user in people.values())
        skip |= whose
    return written


@transaction.atomic
def _write(user: User, chosen: Preferences, now: datetime) -> int:
    """One message with everything that is due for a person, in the transaction that notes that it is written."""
    due = MailedAlert.objects.filter(user=user, ended_at=None, due_at__lte=now)
    held = list(due.select_for_update(skip_locked=True).order_by("pk"))
    wanted = _wanted(held, user, chosen)
    if wanted:
        mail = write_mail_once(
            key=f"alerts:{user.pk}:{wanted[0].pk}:{wanted[-1].pk}", to=user.email,
            subject=wanted[0].subject if len(wanted) == 1 else digest_subject(wanted),
            text=mail_text(wanted[0]) if len(wanted) == 1 else digest_text(wanted),
        )  # fmt: skip
        MailedAlert.objects.filter(pk__in=[one.pk for one in wanted]).update(mail=mail)
    MailedAlert.objects.filter(pk__in=[one.pk for one in held]).update(ended_at=now)
    return int(bool(wanted))


def _wanted(held: Sequence[MailedAlert], user: User, chosen: Preferences) -> list[MailedAlert]:
    """What the person may still see, and did not switch off while it waited."""
    sight = seen(user, {one.account_id for one in held})
    return [
        one
        for one in held
        if user.is_active
        and (not one.account_id or one.account_id in sight)
        and chosen.way(one.kind) in (Way.EMAIL, Way.ASKED)
    ]
