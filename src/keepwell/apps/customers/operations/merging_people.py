"""Two entries of one person become one, and two again."""

from __future__ import annotations

import uuid

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.models import Change
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.joining import join_everywhere, part_everywhere
from keepwell.apps.customers.models import Person, PersonalData
from keepwell.apps.customers.operations.accounts import held
from keepwell.errors import FieldRefused

_FIELDS = ("name", "email", "phone")


@transaction.atomic
def merge_people(*, actor: Actor, key: uuid.UUID, into_key: uuid.UUID) -> Person:
    """Somebody is somebody else at the same account. What only one of the two entries tells is kept by the one that
    stays; the audit says which fields came over, not what was in them."""
    require(actor, Permission.ADMINISTER)
    if key == into_key:
        raise FieldRefused("into", "choose another person than this one")
    person, into = _held(actor, key), _held(actor, into_key)
    if person.account_id != into.account_id:
        raise FieldRefused("into", "the two are at different accounts: merge the accounts first, if they are one")
    if person.merged_into_id or into.merged_into_id or person.merged.exists():
        raise FieldRefused("into", "one of the two is merged already; undo that first")
    theirs, own = PersonalData.objects.filter(person=person).first(), PersonalData.objects.filter(person=into).first()
    given = [name for name in _FIELDS if theirs and own and not getattr(own, name) and getattr(theirs, name)]
    for name in given:
        setattr(own, name, getattr(theirs, name))
    if own is not None and given:
        own.save(update_fields=given)
    sponsor, role = person.is_sponsor and not into.is_sponsor, bool(person.role and not into.role)
    into.is_sponsor, into.role = into.is_sponsor or person.is_sponsor, into.role or person.role
    into.save(update_fields=["is_sponsor", "role"])
    person.merged_into = into
    person.save(update_fields=["merged_into"])
    join_everywhere(person.key, into.key)
    record(actor, "merged", kind="person", of=person.pk, name=str(person.pk), account_id=into.account_id,
           after={"into": str(into.pk), "given": given, "sponsor": sponsor, "role": role})  # fmt: skip
    return into


@transaction.atomic
def undo_merge_of_people(*, actor: Actor, key: uuid.UUID) -> Person:
    """Two entries again; what came over goes back unless it was changed since."""
    require(actor, Permission.ADMINISTER)
    person = _held(actor, key)
    into = person.merged_into
    if into is None:
        raise FieldRefused("into", "this person is not merged into another")
    done = Change.objects.filter(object_kind="person", object_id=str(key), action="merged").order_by("-at").first()
    after = done.after if done else {}
    _take_back(person, into, after)
    person.merged_into = None
    person.save(update_fields=["merged_into"])
    part_everywhere(person.key, into.key)
    record(actor, "undid merge", kind="person", of=person.pk, name=str(person.pk), account_id=person.account_id,
           before={"into": str(into.pk)})  # fmt: skip
    return person


def _take_back(person: Person, into: Person, after: dict[str, object]) -> None:
    theirs, own = PersonalData.objects.filter(person=person).first(), PersonalData.objects.filter(person=into).first()
    given = after.get("given")
    for name in given if isinstance(given, list) else []:
        if theirs and own and getattr(own, name) == getattr(theirs, name):
            setattr(own, name, "")
    if own is not None:
        own.save()
    if after.get("sponsor"):
        into.is_sponsor = False
    if after.get("role") and into.role == person.role:
        into.role = ""
    into.save(update_fields=["is_sponsor", "role"])


def _held(actor: Actor, key: uuid.UUID) -> Person:
    person = Person.objects.select_for_update().filter(pk=key).first()
    if person is None:
        raise NotVisible
    held(actor, person.account_id)
    return person
