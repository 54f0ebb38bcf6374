"""Reads of notices and of the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from keepwell.apps.access.models import User
from keepwell.apps.access.prepared import prepared_cursor
from keepwell.apps.notices.kinds import KINDS, OTHER
from keepwell.apps.notices.models import Mail, Notice
from keepwell.apps.notices.registering import seen

UNREAD = f"select count(*) from {Notice._meta.db_table} where user_id = %(user)s and read_at is null"
"""SQL of the number in the bell, for a page that asks for more at the same time."""


HIDDEN = "About an account that you do not see any more"


@dataclass(frozen=True)
class Outbox:
    """How many messages wait, and how many were given up."""

    waiting: int
    failed: int
    last_error: str


def notices_of(user: User, *, kind: str = "", unread: bool = False, account_id: str = "") -> QuerySet[Notice]:
    """What a person was told, newest first."""
    found = Notice.objects.filter(user=user).order_by("-at", "-pk")
    if kind:
        listed = [one for one in KINDS if one != OTHER.name]
        found = found.exclude(kind__in=listed) if kind == OTHER.name else found.filter(kind=kind)
    if unread:
        found = found.filter(read_at=None)
    return found.filter(account_id=account_id) if account_id else found


def readable(user: User, rows: Iterable[Notice]) -> list[Notice]:
    """As they may be shown now: of an account that the person does not see any more nothing is told but that."""
    shown = list(rows)
    sight = seen(user, {one.account_id for one in shown})
    for one in shown:
        if one.account_id and one.account_id not in sight:
            one.text, one.more, one.link, one.account, one.facts = HIDDEN, "", "", "", {}
    return shown


def unread(user: User) -> int:
    with prepared_cursor() as cursor:
        cursor.execute(UNREAD, {"user": user.pk})
        (count,) = cursor.fetchone()
    return int(count)


def outbox(*, letters: bool = True) -> Outbox:
    """`letters`: with those to customers, which are written when they leave."""
    open_ones = Mail.objects.filter(sent_at=None, withdrawn_at=None)
    open_ones = open_ones if letters else open_ones.filter(composer="")
    counts = open_ones.aggregate(
        waiting=Count("pk", filter=Q(failed_at=None)), failed=Count("pk", filter=Q(failed_at__isnull=False))
    )
    last = open_ones.exclude(error="").order_by("-pk").first()
    return Outbox(counts["waiting"], counts["failed"], last.error if last else "")
