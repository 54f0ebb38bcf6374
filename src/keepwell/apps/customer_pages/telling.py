"""What is told of pages for customers: entries on the timeline, and a notice to whoever is responsible.

Neither names the person, whose name may be erased later: the panel of the account says who it is.
"""

from __future__ import annotations

from datetime import datetime

from keepwell.apps.access.models import User
from keepwell.apps.customer_pages.models import PageLink
from keepwell.apps.customer_pages.widgets import BY_NAME
from keepwell.apps.notices.operations import Alert, tell
from keepwell.apps.timeline.logging import AUTHOR, built_in
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.timeline.types import CUSTOMER_PAGE


def log_sent(link: PageLink) -> None:
    """By the one who sent it."""
    _entry(link, "sent", "Page sent to the customer", link.sent_by, link.made_at)


def tell_opened(link: PageLink, now: datetime) -> None:
    """The first time that it was opened."""
    _entry(link, "opened", "The customer opened their page", AUTHOR, now)
    about = f"{link.account.name}: the page that you sent was opened"
    said = Alert(
        key=f"customer page:{link.pk}:opened", kind="customer_page", title=about, account_id=link.account_id,
        account=link.account.name, link=f"/customers/{link.account_id}/page/",
    )  # fmt: skip
    tell([(said, user) for user in _responsible(link) if user.is_active])


def tell_came_back(link: PageLink, words: str) -> None:
    """The letter never arrived."""
    said = Alert(
        key=f"customer page:{link.pk}:came back", kind="customer_page", account_id=link.account_id,
        title=f"{link.account.name}: the letter with the link to their page came back", text=words,
        account=link.account.name, link=f"/customers/{link.account_id}/page/",
    )  # fmt: skip
    tell([(said, user) for user in _responsible(link) if user.is_active])


def _responsible(link: PageLink) -> list[User]:
    """Who sent it, and the CSM of the account where that is somebody else."""
    return list({one.pk: one for one in (link.sender, link.account.owner) if one is not None}.values())


def _entry(link: PageLink, what: str, title: str, author: str, at: datetime) -> None:
    shown = ", ".join(BY_NAME[name].title for name in link.widgets if name in BY_NAME)
    TimelineEntry.objects.get_or_create(
        key=f"customer page:{link.pk}:{what}",
        defaults={
            "account_id": link.account_id, "type": built_in(CUSTOMER_PAGE), "title": title, "text": f"It has: {shown}",
            "fields": {"link": link.pk}, "occurred_at": at, "author": author, "origin": "customer page",
        },
    )  # fmt: skip
