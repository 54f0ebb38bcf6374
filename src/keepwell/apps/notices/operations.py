"""Writes that other apps ask for: people and channels are told, what was told is taken back, mail is written."""

from __future__ import annotations

from django.utils import timezone

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.access.models import User
from keepwell.apps.notices.alerting import EMAIL, IN_APP, Alert, Importance, ScoreNow, Told, alert, tell, tell_admins
from keepwell.apps.notices.models import Notice
from keepwell.apps.notices.outbox import send_again, write_mail
from keepwell.apps.notices.withdrawing import Withdrawn, withdraw

__all__ = [
    "EMAIL", "IN_APP", "Alert", "Importance", "ScoreNow", "Told", "Withdrawn", "alert", "mark_read", "notify",
    "send_again", "tell", "tell_admins", "withdraw", "write_mail",
]  # fmt: skip


def notify(*, user: User, text: str, kind: str, key: str, link: str = "") -> None:
    """One person, whom the caller found to be allowed to know it. One notice a key: telling twice tells once."""
    tell([(Alert(key=key, kind=kind, title=text, link=link), user)])


def mark_read(*, user: User, notice_id: int | None = None) -> str:
    """One notice of a person, or all. Returns where the one leads to. Raises NotVisible for one that is not theirs."""
    mine, link = Notice.objects.filter(user=user), ""
    if notice_id is not None:
        mine = mine.filter(pk=notice_id)
        found = mine.first()
        if found is None:
            raise NotVisible
        link = found.link
    mine.filter(read_at=None).update(read_at=timezone.now())
    return link
