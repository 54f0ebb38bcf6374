"""Writes: what the page of an account has, to whom it is sent, and what is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customer_pages.links import LINKS
from keepwell.apps.customer_pages.models import CustomerPage, PageCode, PageLink
from keepwell.apps.customer_pages.outside.codes import COMPOSER
from keepwell.apps.customer_pages.queries import link_for, people_to_send_to
from keepwell.apps.customer_pages.telling import log_sent
from keepwell.apps.customer_pages.widgets import BY_NAME
from keepwell.apps.customer_pages.words import spoken
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.customers.queries import account_for
from keepwell.apps.notices.outbox import write_letters
from keepwell.apps.surveys.whom.people import language_of
from keepwell.apps.ui.outside.links import hash_of
from keepwell.errors import FieldRefused

KIND = "page for the customer"
GREETING, STEPS, STEP, DAYS = 5_000, 20, 300, (1, 365)


@dataclass(frozen=True)
class Chosen:
    """What a page shall have. `revision`: of the page that was read before; None: whatever stands."""

    widgets: Sequence[str]
    greeting: str = ""
    steps: Sequence[str] = ()
    left_out: Sequence[str] = ()
    revision: int | None = None


@transaction.atomic
def prepare(*, actor: Actor, account_id: str, chosen: Chosen) -> CustomerPage:
    """Changes what the page of an account has. Raises NotVisible, Forbidden, FieldRefused."""
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    _check(chosen)
    page = _held(account)
    if chosen.revision is not None and chosen.revision != page.revision:
        raise FieldRefused("revision", f"{page.changed_by} changed this page meanwhile: load it again")
    before = said(page)
    page.widgets, page.greeting = list(dict.fromkeys(chosen.widgets)), chosen.greeting.strip()
    page.steps = [one.strip() for one in chosen.steps if one.strip()]
    page.left_out = sorted(set(chosen.left_out))
    if (after := said(page)) != before:
        page.revision, page.changed_by = page.revision + 1, actor.name
        page.save()
        record(actor, "prepared", kind=KIND, of=account.pk, name=account.name, account_id=account.pk,
               before=before, after=after)  # fmt: skip
    return page


@transaction.atomic
def send(*, actor: Actor, account_id: str, person: UUID, days: int = 30, language: str = "") -> PageLink:
    """Sends a link to somebody at the account, who may open the page as it is prepared now for so many days.

    `language`: what the page speaks; the one that they prefer unless given. Raises NotVisible, Forbidden, FieldRefused.
    """
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    page, to = _held(account), _recipient(account, person)
    if not page.widgets:
        raise FieldRefused("widgets", "the page shows nothing yet: choose what it has and save it first")
    if not DAYS[0] <= days <= DAYS[1]:
        raise FieldRefused("days", f"a link holds from {DAYS[0]} to {DAYS[1]} days")
    now = timezone.now()
    link = PageLink(
        account=account, person=to, widgets=page.widgets, greeting=page.greeting, steps=page.steps,
        left_out=page.left_out, language=spoken(language or language_of(to.personal.traits) or ""), sender=actor.user,
        sent_by=actor.name, made_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    link.token_hash = hash_of(LINKS.token_of(link.key))
    link.save()
    write_letters(COMPOSER, [(f"customer page:{link.pk}", f"link:{link.pk}")])
    log_sent(link)
    record(actor, "sent", kind=KIND, of=link.pk, name=account.name, account_id=account.pk,
           after={"person": str(to.pk), "widgets": link.widgets, "until": link.expires_at})  # fmt: skip
    return link


@transaction.atomic
def revoke(*, actor: Actor, account_id: str, link_id: int) -> PageLink:
    """The link opens nothing any more, whoever has the page open included; doing it twice changes nothing."""
    link = link_for(actor, account_id, link_id)
    require(actor, Permission.WRITE)
    now = timezone.now()
    if PageLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now, revoked_by=actor.name):
        PageCode.objects.filter(link=link, open_until__gt=now).update(open_until=now)
        record(actor, "revoked", kind=KIND, of=link.pk, name=link.account.name, account_id=account_id)
    link.refresh_from_db()
    return link


def said(page: CustomerPage) -> dict[str, object]:
    """A page as plain values."""
    return {"widgets": list(page.widgets), "greeting": page.greeting, "steps": list(page.steps),
            "left_out": list(page.left_out)}  # fmt: skip


def _held(account: Account) -> CustomerPage:
    CustomerPage.objects.get_or_create(account=account)
    return CustomerPage.objects.select_for_update(of=("self",)).get(account=account)


def _recipient(account: Account, person: UUID) -> Person:
    found = people_to_send_to(account).filter(pk=person).first()
    if found is None:
        raise FieldRefused("person", f"that is nobody at {account.name} with an address: choose one of those listed")
    return found


def _check(chosen: Chosen) -> None:
    """Raises FieldRefused."""
    unknown = [one for one in chosen.widgets if one not in BY_NAME]
    if unknown:
        raise FieldRefused("widgets", f"there is no widget '{unknown[0]}'; there are: {', '.join(BY_NAME)}")
    if len(chosen.greeting) > GREETING:
        raise FieldRefused("greeting", f"write at most {GREETING} characters; these are {len(chosen.greeting)}")
    if len(chosen.steps) > STEPS:
        raise FieldRefused("steps", f"write at most {STEPS} steps; these are {len(chosen.steps)}")
    if any(len(one) > STEP for one in chosen.steps):
        raise FieldRefused("steps", f"a step has at most {STEP} characters")
    if any(len(one) > 200 for one in chosen.left_out) or len(chosen.left_out) > 500:
        raise FieldRefused("left_out", "name at most 500 features of the feature map")
