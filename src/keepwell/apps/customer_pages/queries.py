"""Reads of pages for customers; they are for those who see the account."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, QuerySet, Sum

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.customer_pages.models import CustomerPage, PageLink, PageView
from keepwell.apps.customer_pages.widgets import WIDGETS
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.customers.queries import account_for


def page_of(account: Account) -> CustomerPage:
    """As it is prepared; of an account that has none yet, with every widget."""
    found = CustomerPage.objects.filter(account=account).first()
    return found or CustomerPage(account=account, widgets=[one.name for one in WIDGETS])


def people_to_send_to(account: Account) -> QuerySet[Person]:
    """Those who are there and have an address, sponsors first."""
    there = account.people.filter(left_on=None, merged_into=None, personal__email__gt="")
    return there.select_related("personal").order_by("-is_sponsor", "personal__name", "key")


def links_of(account: Account) -> QuerySet[PageLink]:
    """Newest first; `times` how often it was looked at, `last_at` when last."""
    found = account.page_links.select_related("person__personal")
    return found.annotate(times=Sum("views__times"), last_at=Max("views__last_at")).order_by("-made_at", "-pk")


def link_for(actor: Actor, account_id: str, link_id: int) -> PageLink:
    """Raises NotVisible."""
    found = links_of(account_for(actor, account_id)).filter(pk=link_id).first()
    if found is None:
        raise NotVisible
    return found


def views_of(link: PageLink) -> QuerySet[PageView]:
    return link.views.order_by("-at", "-pk")


def view_for(actor: Actor, account_id: str, view_id: int) -> PageView:
    """What was shown once. Raises NotVisible."""
    account = account_for(actor, account_id)
    found = PageView.objects.filter(link__account=account, pk=view_id)
    view = found.select_related("link__person__personal", "link__account").first()
    if view is None:
        raise NotVisible
    return view


def state_of(link: PageLink, now: datetime) -> str:
    """In a word, with the most final first."""
    if link.revoked_at:
        return "taken back"
    if link.expires_at <= now:
        return "ended"
    if link.came_back_at:
        return "came back"
    return "sent" if link.sent_at else "waits to be sent"
