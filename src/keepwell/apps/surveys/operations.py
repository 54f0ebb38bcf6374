"""Writes that people ask for: a survey is sent or a send is stopped, anonymous links are made and closed."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.queries import account_for, visible
from keepwell.apps.surveys.editions import in_force
from keepwell.apps.surveys.models import AnonymousLink, Invitation, SendStatus, SurveySend
from keepwell.apps.surveys.tokens import hash_of, token_of
from keepwell.apps.surveys.whom.deciding import check_sendable
from keepwell.errors import FieldRefused, RequestRefused


@transaction.atomic
def send(*, actor: Actor, survey: str, accounts: Collection[str] | None = None, cause: str = "") -> SurveySend:
    """Asks everybody whom the survey asks now, at accounts that the actor sees. The worker decides and invites.

    `cause`: sent once for the same; without one this time is one of its own. Raises NotVisible, Forbidden,
    RequestRefused where nothing of the survey is sent, or it is not enabled.
    """
    require(actor, Permission.SEND)
    found, _ = in_force(survey)
    check_sendable(found)
    if not found.enabled:
        raise RequestRefused("the survey is not enabled: publish it with 'enabled: true' to send it")
    if accounts is not None:
        _check_seen(actor, accounts)
    row, is_new = SurveySend.objects.get_or_create(
        survey=survey,
        cause=cause or f"by hand:{uuid4().hex}",
        defaults={
            "trigger": f"asked for by {actor.name}", "asked_by": actor.name,
            "user_id": actor.user.pk if actor.user else None,
            "accounts": sorted(accounts) if accounts is not None else None,
        },
    )  # fmt: skip
    if is_new:
        record(actor, "sent", kind="survey", of=survey, name=found.title or survey,
               after={"send": row.pk, "accounts": len(accounts) if accounts is not None else "all"})  # fmt: skip
        carry_out_after_commit(row.pk)
    return row


def _check_seen(actor: Actor, accounts: Collection[str]) -> None:
    if visible(actor).filter(pk__in=accounts).count() < len(set(accounts)):
        raise NotVisible


def carry_out_after_commit(send_id: int) -> None:
    """A job in the transaction of the send."""
    from keepwell.apps.surveys.jobs import carry_out

    carry_out.defer(send_id=send_id)


@transaction.atomic
def stop(*, actor: Actor, send_id: int) -> int:
    """Letters that have not left stay here. Returns how many; who has a letter can answer still."""
    require(actor, Permission.SEND)
    row = SurveySend.objects.select_for_update().filter(pk=send_id).first()
    if row is None:
        raise NotVisible
    if row.status not in (SendStatus.WAITING, SendStatus.SENDING):
        raise RequestRefused(f"this send is {row.get_status_display().lower()}: nothing of it waits")
    now = timezone.now()
    waiting = Invitation.objects.filter(send=row, channel="email", sent_at=None, withdrawn_at=None)
    count = waiting.update(withdrawn_at=now)
    row.status, row.ended_at = SendStatus.STOPPED, now
    row.save(update_fields=["status", "ended_at"])
    record(actor, "stopped sending", kind="survey", of=row.survey, name=row.survey, after={"withdrawn": count})
    return count


@transaction.atomic
def add_link(*, actor: Actor, survey: str, title: str = "", account_id: str | None = None) -> AnonymousLink:
    """A link that anybody may answer by; answers count for the account where one is named."""
    require(actor, Permission.SEND)
    found, _ = in_force(survey)
    if "anonymous_link" not in found.distribution:
        raise RequestRefused("add anonymous_link to the survey's 'distribution' first, so that its readers know")
    if len(title.strip()) > 100:
        raise FieldRefused("title", f"at most 100 characters; these are {len(title.strip())}")
    account = account_for(actor, account_id) if account_id else None
    key = uuid4()
    link = AnonymousLink.objects.create(
        survey=survey, key=key, token_hash=hash_of(token_of(key)), title=title.strip(), account=account,
        made_by=actor.name,
    )  # fmt: skip
    record(actor, "added link", kind="survey", of=survey, name=link.title or survey, account_id=account_id or "")
    return link


@transaction.atomic
def close_link(*, actor: Actor, link_id: int) -> AnonymousLink:
    """No more answers by it."""
    require(actor, Permission.SEND)
    link = AnonymousLink.objects.select_for_update(of=("self",)).filter(pk=link_id).first()
    if link is None or (link.account_id and not visible(actor).filter(pk=link.account_id).exists()):
        raise NotVisible
    if link.closed_at is None:
        link.closed_at = timezone.now()
        link.save(update_fields=["closed_at"])
        record(actor, "closed link", kind="survey", of=link.survey, name=link.title or link.survey)
    return link
