"""Who is not asked any more: by their own word, or because letters to them come back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, System, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.models import Person, PersonalData
from keepwell.apps.customers.queries import person_for
from keepwell.apps.surveys.models import Invitation, Refusal, RefusalKind
from keepwell.apps.surveys.tokens import address_hash
from keepwell.errors import RequestRefused

RESPONDENT = System("the person asked", origin="survey")


@transaction.atomic
def unsubscribe(invitation: Invitation) -> None:
    """Whoever holds the link wants no more letters: nothing is asked of the person or the address again."""
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("person").get(pk=invitation.pk)
    if invitation.person is not None:
        _refuse(RefusalKind.UNSUBSCRIBED, invitation.person, "", RESPONDENT, f"survey {invitation.survey}")


@transaction.atomic
def stop_asking(*, actor: Actor, person: UUID, detail: str = "") -> None:
    """Somebody told their CSM."""
    require(actor, Permission.WRITE)
    _refuse(RefusalKind.UNSUBSCRIBED, person_for(actor, person), "", actor, detail)


@transaction.atomic
def ask_again(*, actor: Actor, person: UUID) -> int:
    """Lifts what keeps somebody from being asked. Returns how many refusals. What they said themselves an admin lifts
    alone, who then answers for it."""
    require(actor, Permission.SEND)
    found = person_for(actor, person)
    rows = Refusal.objects.filter(lifted_at=None, person=found)
    if rows.filter(kind=RefusalKind.UNSUBSCRIBED, by=RESPONDENT.name).exists():
        require(actor, Permission.ADMINISTER)
    address = _address(found)
    hashes = [address_hash(address)] if address else []
    count = (rows | Refusal.objects.filter(lifted_at=None, address_hash__in=hashes)).update(lifted_at=timezone.now())
    record(actor, "allowed to be asked again", kind="person", of=str(person), name="", account_id=found.account_id)
    return count


@transaction.atomic
def bounced(*, actor: Actor, address: str, detail: str = "") -> int:
    """A provider reports that letters to an address come back for good. Returns how many invitations it is noted on.

    Raises RequestRefused for what is no address. Who has the address is not told: there may be nobody.
    """
    require(actor, Permission.SEND)
    if "@" not in address:
        raise RequestRefused(f"'{address[:80]}' is no address; give one such as name@company.com")
    people = list(PersonalData.objects.filter(email__iexact=address.strip()).values_list("person", flat=True))
    _refuse(RefusalKind.BOUNCED, None, address, actor, detail)
    open_ones = Invitation.objects.filter(person__in=people, finished_at=None, bounced_at=None, channel="email")
    return open_ones.update(bounced_at=timezone.now())


def letter_came_back(invitation: Invitation, address: str, detail: str) -> None:
    """The mail server refused the address for good."""
    Invitation.objects.filter(pk=invitation.pk).update(bounced_at=timezone.now())
    _refuse(RefusalKind.BOUNCED, None, address, System("mail server"), detail)


def _refuse(kind: RefusalKind, person: Person | None, address: str, actor: Actor, detail: str) -> None:
    """Noted once; the audit says that it was, and not of which address."""
    hashed = address_hash(address or _address(person)) if address or _address(person) else ""
    known = Refusal.objects.filter(kind=kind, lifted_at=None, person=person, address_hash=hashed)
    if known.exists():
        return
    Refusal.objects.create(
        kind=kind, person=person, address_hash=hashed, by=actor.name, detail=detail[:300], at=timezone.now()
    )
    record(
        actor, f"noted as {kind}", kind="person", of=person.pk if person else hashed[:12], name="",
        account_id=person.account_id if person else "",
    )  # fmt: skip


def _address(person: Person | None) -> str:
    if person is None:
        return ""
    try:
        return person.personal.email
    except PersonalData.DoesNotExist:
        return ""


@dataclass(frozen=True)
class Asking:
    """Whether somebody is asked, and whether the actor may change that. `why`: of the newest refusal."""

    refused: bool
    why: str
    may_change: bool


def asking_of(actor: Actor, people: Collection[Person]) -> dict[UUID, Asking]:
    """By person, of people whom the actor sees."""
    hashes = {one.pk: address_hash(address) if (address := _address(one)) else "" for one in people}
    of_address = Q(address_hash__in=[one for one in hashes.values() if one])
    rows = list(Refusal.objects.filter(Q(person__in=hashes) | of_address, lifted_at=None).order_by("-at"))
    return {
        key: _asking(actor, [one for one in rows if one.person_id == key or (hashed and one.address_hash == hashed)])
        for key, hashed in hashes.items()
    }


def _asking(actor: Actor, rows: list[Refusal]) -> Asking:
    """What they said themselves an admin lifts alone."""
    themselves = any(one.kind == RefusalKind.UNSUBSCRIBED and one.by == RESPONDENT.name for one in rows)
    may = actor.may(Permission.SEND) and (not themselves or actor.may(Permission.ADMINISTER))
    return Asking(bool(rows), str(rows[0].get_kind_display()) if rows else "", may)


def refusals_of(actor: Actor, person: UUID) -> list[Refusal]:
    """What keeps somebody from being asked, newest first. Raises NotVisible."""
    found = person_for(actor, person)
    if found is None:
        raise NotVisible
    address = _address(found)
    hashes = [address_hash(address)] if address else []
    rows = Refusal.objects.filter(lifted_at=None, person=found) | Refusal.objects.filter(
        lifted_at=None, address_hash__in=hashes
    )
    return list(rows.order_by("-at"))
