"""One account: its lifecycle stage, its owner; and the note that somebody took the list away as a file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.announcing import announce_stages
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.customers.queries import visible
from keepwell.apps.notices.operations import notify
from keepwell.errors import FieldRefused

_LONGEST_STAGE = 100


def held(actor: Actor, account_id: str) -> Account:
    """The account, locked until the transaction ends. Raises NotVisible."""
    found = visible(actor).select_for_update().filter(pk=account_id).first()
    if found is None:
        raise NotVisible
    return found


@transaction.atomic
def set_stage(
    *, actor: Actor, account_id: str, stage: str, reason: str = "", occurred_at: datetime | None = None
) -> Account:
    """The account came to a lifecycle stage, now unless said otherwise; the stage it is in already changes nothing."""
    require(actor, Permission.WRITE)
    account, stage = held(actor, account_id), checked_stage(stage)
    if stage == account.stage:
        return account
    put_stage(actor, account, stage, reason, occurred_at)
    return account


@transaction.atomic
def move_by_hand(*, actor: Actor, account_id: str, stage: str, reason: str) -> Account:
    """A person takes the account to another stage and says why, which the history keeps."""
    require(actor, Permission.WRITE)
    if not reason.strip():
        raise FieldRefused("reason", "say why in a few words; everybody reads it in the history")
    if held(actor, account_id).stage == checked_stage(stage):
        raise FieldRefused("stage", "it is in this stage already; choose another one")
    return set_stage(actor=actor, account_id=account_id, stage=stage, reason=reason.strip())


def put_stage(actor: Actor, account: Account, stage: str, reason: str, occurred_at: datetime | None = None) -> None:
    """Into the account, its ledger and the audit; an empty stage is that of an account that has none."""
    before, account.stage = account.stage, stage
    account.save(update_fields=["stage", "updated_at"])
    change = StageChange.objects.create(
        account=account, stage=stage, occurred_at=occurred_at or timezone.now(), author=actor.name, reason=reason
    )
    announce_stages([change])
    record(actor, "set stage", kind="account", of=account.pk, name=account.name, account_id=account.pk,
           before={"stage": before}, after={"stage": stage, "reason": reason})  # fmt: skip


def checked_stage(stage: str) -> str:
    stage = stage.strip()
    if not stage or len(stage) > _LONGEST_STAGE:
        raise FieldRefused("stage", f"a stage has a name of at most {_LONGEST_STAGE} characters, such as onboarding")
    return stage


@transaction.atomic
def set_owner(*, actor: Actor, account_id: str, owner_id: int | None) -> Account:
    """Gives the account to a CSM, who is told, or to nobody; that stands until it is given back to the source."""
    require(actor, Permission.WRITE)
    account, owner = held(actor, account_id), checked_owner(owner_id)
    if give(actor, account, owner) and owner is not None and owner != actor.user:
        key = f"owner:{account.pk}:{account.updated_at.isoformat()}"
        text = f"{actor.name} gave you {account.name}"
        notify(user=owner, text=text, kind="owner", key=key, link=f"/customers/{account.pk}/")
    return account


@transaction.atomic
def give_back_owner(*, actor: Actor, account_id: str) -> Account:
    """The source says again who the CSM is: now, as it said last, and with every run."""
    require(actor, Permission.WRITE)
    account = held(actor, account_id)
    give_back(actor, account)
    return account


def give(actor: Actor, account: Account, owner: User | None) -> bool:
    """Whether this changed anything. From now on a person has decided. Nobody is told here."""
    return put_owner(actor, account, owner, by_hand=True)


def give_back(actor: Actor, account: Account) -> bool:
    """Whether this changed anything: whom the source names, if that is somebody who signs in."""
    named = User.objects.filter(name=account.owner_name, is_active=True).first() if account.owner_name else None
    return put_owner(actor, account, named, by_hand=False)


def put_owner(actor: Actor, account: Account, owner: User | None, *, by_hand: bool) -> bool:
    """Whether this changed anything."""
    if account.owner == owner and account.owner_by_hand == by_hand:
        return False
    before = {"owner": account.owner.name if account.owner else None, "by_hand": account.owner_by_hand}
    account.owner, account.team_id, account.owner_by_hand = owner, owner.team_id if owner else None, by_hand
    account.save(update_fields=["owner", "team_id", "owner_by_hand", "updated_at"])
    record(actor, "set owner" if by_hand else "gave owner back", kind="account", of=account.pk, name=account.name,
           account_id=account.pk, before=before,
           after={"owner": owner.name if owner else None, "by_hand": by_hand})  # fmt: skip
    return True


def checked_owner(owner_id: int | None) -> User | None:
    if owner_id is None:
        return None
    owner = User.objects.filter(pk=owner_id, is_active=True).first()
    if owner is None or not owner.may(Permission.WRITE):
        raise FieldRefused("csm", "choose somebody who signs in here and is no viewer")
    return owner


@transaction.atomic
def note_export(*, actor: Actor, query: str) -> None:
    """Says in the audit that somebody took customers away as a file."""
    require(actor, Permission.VIEW)
    record(actor, "exported", kind="customer list", of="customers", name="customers", after={"query": query[:2000]})
