"""The one way from a token to what it opens. Whatever opens nothing looks alike."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone

from keepwell.apps.customer_pages.models import PageCode, PageLink
from keepwell.apps.ui.outside.links import hash_of, looked_for

_WITH = ("account", "person__personal")


def opened(token: str, *, held: bool = False) -> PageLink | None:
    """The link that is alive now; None for everything else. `held`: nobody else tries a code of it meanwhile."""
    rows = PageLink.objects.filter(alive(timezone.now()), token_hash=looked_for(token)).select_related(*_WITH)
    return (rows.select_for_update(of=("self",)) if held else rows).first()


def is_known(token: str) -> bool:
    """Whether there ever was such a link: who asks for one that has ended does not guess."""
    return PageLink.objects.filter(token_hash=looked_for(token)).exists()


def alive(now: datetime) -> Q:
    """It has not ended, was not taken back, and whoever it was for is still there, of that customer,
    and can be written to."""
    return Q(
        revoked_at=None, expires_at__gt=now, account__in_population=True, account__merged_into=None,
        person__account=F("account"), person__left_on=None, person__personal__email__gt="",
    )  # fmt: skip


def visit_of(link: PageLink, cookie: str) -> PageCode | None:
    """The visit that a cookie keeps open."""
    if not cookie:
        return None
    return link.codes.filter(cookie_hash=hash_of(cookie), open_until__gt=timezone.now()).first()
