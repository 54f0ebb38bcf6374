"""What becomes of an id that leads to nobody: linked to an account, an account of its own, or ignored; and back."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.identity import link_after_commit, undo_after_commit
from keepwell.apps.customers.models import SourceId, SourceIdState
from keepwell.apps.customers.operations.accounts import held
from keepwell.apps.customers.operations.upserting import AccountRow, upsert
from keepwell.apps.customers.unresolved import through_of
from keepwell.errors import FieldRefused

EVENTS = "keepwell."
"""How tables begin that events are drained into: each event is in all of them."""


@transaction.atomic
def link_id(*, actor: Actor, number: int, account_id: str) -> SourceId:
    """Its rows count for the account from the next reading on; rows of events and of daily use are linked together."""
    one = _held(actor, number, SourceIdState.OPEN, SourceIdState.IGNORED)
    _refuse_key(one)
    try:
        account = held(actor, account_id.strip())
    except NotVisible:
        raise FieldRefused("account", f"there is no account '{account_id}': give the id of one") from None
    if account.merged_into_id:
        raise FieldRefused("account", f"{account.name} is merged into {account.merged_into_id}: link it with that")
    for each in (*_twins(one, SourceIdState.OPEN), one):
        change = f"link:{uuid.uuid4()}"
        link_after_commit(each.source, each.source_id, account.pk, change)
        after = {"source": each.source, "id": each.source_id, "account": account.pk, "change": change}
        record(actor, "linked id", kind="source id", of=each.pk, name=str(each), account_id=account.pk, after=after)
        _decided(actor, each, SourceIdState.LINKED, account.pk, change)
    return one


@transaction.atomic
def create_account(*, actor: Actor, number: int, name: str = "") -> str:
    """An account of this id, in the lake's accounts dataset and in the list; returns its id."""
    one = _held(actor, number, SourceIdState.OPEN, SourceIdState.IGNORED)
    _refuse_key(one)
    upsert(actor=actor, accounts=[AccountRow(one.source_id, {"name": name.strip() or one.source_id})], people=[])
    account_id = one.source_id
    SourceId.objects.filter(source_id=account_id).delete()  # rows of other datasets carry it too
    return account_id


@transaction.atomic
def ignore_id(*, actor: Actor, number: int) -> SourceId:
    """It is no longer asked about; its rows count for nobody."""
    one = _held(actor, number, SourceIdState.OPEN)
    for each in (*_twins(one, SourceIdState.OPEN), one):
        record(actor, "ignored id", kind="source id", of=each.pk, name=str(each))
        _decided(actor, each, SourceIdState.IGNORED, None, "")
    return one


@transaction.atomic
def undo_decision(*, actor: Actor, number: int) -> SourceId:
    """As if nothing had been decided."""
    one = _held(actor, number, SourceIdState.LINKED, SourceIdState.IGNORED)
    for each in (*_twins(one, SourceIdState(one.state)), one):
        if each.state == SourceIdState.LINKED:
            undo_after_commit(each.change, f"undo:{uuid.uuid4()}")
        action = "undid link" if each.state == SourceIdState.LINKED else "stopped ignoring id"
        record(actor, action, kind="source id", of=each.pk, name=str(each), account_id=each.account_id or "",
               before={"account": each.account_id})  # fmt: skip
        _decided(actor, each, SourceIdState.OPEN, None, "")
    return one


def _held(actor: Actor, number: int, *states: SourceIdState) -> SourceId:
    require(actor, Permission.ADMINISTER)
    one = SourceId.objects.select_for_update().filter(pk=number).first()
    if one is None:
        raise NotVisible
    if one.state not in states:
        raise FieldRefused("account", f"this id is {one.get_state_display().lower()}: undo that first")
    return one


def _twins(one: SourceId, state: SourceIdState) -> list[SourceId]:
    """The same id in the other tables that events come into: whoever decides about one means all of them."""
    found = current_project()
    live = (
        [name for name, dataset in found.datasets.items() if (dataset.table or "").startswith(EVENTS)] if found else []
    )
    if one.source not in live:
        return []
    same = SourceId.objects.select_for_update().filter(source__in=live, source_id=one.source_id, state=state)
    return [each for each in same.exclude(pk=one.pk) if each.account_id == one.account_id]


def _refuse_key(one: SourceId) -> None:
    through = through_of(one.source)
    if through:
        raise FieldRefused("account", f"this is a key of {through}, which says whose it is: load the row that has it")


def _decided(actor: Actor, one: SourceId, state: SourceIdState, account: str | None, change: str) -> SourceId:
    one.state, one.account_id, one.change = state, account, change
    one.decided_by, one.decided_at = actor.name, timezone.now()
    one.save()
    return one
