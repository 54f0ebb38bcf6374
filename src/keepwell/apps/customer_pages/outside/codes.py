"""Codes: so many a while, so many tries, and after too many wrong ones nothing opens for an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from keepwell.apps.customer_pages.links import fits, new_cookie
from keepwell.apps.customer_pages.models import PageCode, PageLink
from keepwell.apps.customer_pages.outside.finding import opened
from keepwell.apps.notices.outbox import write_letters
from keepwell.apps.ui.outside.links import hash_of

COMPOSER = "customer page"
CODE_HOLDS = timedelta(minutes=15)
OPEN_FOR = timedelta(hours=8)
TRIES = 5
"""Of one code."""

WRONG, SHUT_FOR = 10, timedelta(hours=1)
"""So many wrong codes within that time, of whatever codes, shut the page for the rest of it."""

CODES, CODES_IN = 5, timedelta(hours=1)
"""No more are sent: whoever has the link cannot fill somebody's mailbox with them."""


@transaction.atomic
def send_code(token: str) -> None:
    """A new code; the one before it fits no more. Beyond the limit nothing is sent, and nobody is told so."""
    link, now = opened(token, held=True), timezone.now()
    if link is None or is_shut(link, now) or link.codes.filter(made_at__gt=now - CODES_IN).count() >= CODES:
        return
    link.codes.filter(spent_at=None, expires_at__gt=now).update(expires_at=now)
    code = PageCode.objects.create(link=link, made_at=now, expires_at=now + CODE_HOLDS)
    write_letters(COMPOSER, [(f"customer page code:{code.pk}", f"code:{code.pk}")], before_others=True)


@transaction.atomic
def open_by(token: str, typed: str) -> str | None:
    """The cookie that keeps the page open; None where the code does not fit, came too late, or was tried too often.

    A try is counted before anything is compared, and two at once count as two.
    """
    link, now = opened(token, held=True), timezone.now()
    if link is None or is_shut(link, now):
        return None
    code = link.codes.filter(spent_at=None, expires_at__gt=now, tries__lt=TRIES).order_by("-pk").first()
    if code is None or not fits(code.key, typed):
        _count_wrong(link, code, now)
        return None
    cookie = new_cookie()
    code.spent_at, code.cookie_hash, code.open_until = now, hash_of(cookie), min(now + OPEN_FOR, link.expires_at)
    code.save(update_fields=["spent_at", "cookie_hash", "open_until"])
    PageLink.objects.filter(pk=link.pk).update(wrong=0, wrong_since=None)
    return cookie


def is_shut(link: PageLink, now: datetime) -> bool:
    """After too many wrong codes."""
    return link.wrong >= WRONG and link.wrong_since is not None and now < link.wrong_since + SHUT_FOR


def _count_wrong(link: PageLink, code: PageCode | None, now: datetime) -> None:
    if code is not None:
        PageCode.objects.filter(pk=code.pk).update(tries=code.tries + 1)
    if link.wrong_since is None or now >= link.wrong_since + SHUT_FOR:
        link.wrong, link.wrong_since = 0, now
    link.wrong += 1
    if link.wrong == WRONG:
        link.wrong_since = now
    link.save(update_fields=["wrong", "wrong_since"])


def leave(token: str, cookie: str) -> None:
    """The cookie opens nothing any more."""
    link = opened(token)
    if link is not None and cookie:
        link.codes.filter(cookie_hash=hash_of(cookie)).update(open_until=timezone.now())
