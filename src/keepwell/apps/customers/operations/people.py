"""People at a customer. What tells who they are stands apart and never enters the audit, so it can be erased."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.forgetting import forget_everywhere
from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.apps.customers.operations.accounts import held
from keepwell.errors import FieldRefused

_LONGEST = {"name": 200, "email": 254, "phone": 50, "role": 100}


@transaction.atomic
def add_person(
    *,
    actor: Actor,
    account_id: str,
    name: str,
    email: str = "",
    phone: str = "",
    role: str = "",
    is_sponsor: bool = False,
) -> Person:
    """Somebody new, under a random key."""
    require(actor, Permission.WRITE)
    account = held(actor, account_id)
    fields = _checked({"name": name, "email": email, "phone": phone, "role": role})
    person = Person.objects.create(account=account, role=fields.pop("role"), is_sponsor=is_sponsor)
    PersonalData.objects.create(person=person, **fields)
    _note(actor, "added person", person, account, after={"role": person.role, "is_sponsor": is_sponsor})
    return person


@transaction.atomic
def change_person(
    *,
    actor: Actor,
    key: uuid.UUID,
    name: str,
    email: str = "",
    phone: str = "",
    role: str = "",
    is_sponsor: bool = False,
) -> Person:
    """What is known of somebody. The audit says which personal fields changed, not what was in them."""
    require(actor, Permission.WRITE)
    person, account = _person(actor, key)
    fields = _checked({"name": name, "email": email, "phone": phone, "role": role})
    before = {"role": person.role, "is_sponsor": person.is_sponsor}
    person.role, person.is_sponsor = fields.pop("role"), is_sponsor
    person.save(update_fields=["role", "is_sponsor"])
    personal, _ = PersonalData.objects.get_or_create(person=person)
    changed = sorted(field for field, value in fields.items() if getattr(personal, field) != value)
    for field in changed:
        setattr(personal, field, fields[field])
    personal.save()
    after = {"role": person.role, "is_sponsor": is_sponsor, "changed": changed}
    _note(actor, "changed person", person, account, before=before, after=after)
    return person


@transaction.atomic
def mark_left(*, actor: Actor, key: uuid.UUID, left_on: date | None = None) -> Person:
    """They work for the customer no longer, since today unless said otherwise."""
    require(actor, Permission.WRITE)
    person, account = _person(actor, key)
    before, person.left_on = person.left_on, left_on or timezone.localdate()
    person.save(update_fields=["left_on"])
    _note(actor, "marked as left", person, account, before={"left_on": before}, after={"left_on": person.left_on})
    return person


@transaction.atomic
def erase_person(*, actor: Actor, key: uuid.UUID) -> None:
    """Deletes what tells who they are, for good; the key and what is counted by it stay."""
    require(actor, Permission.ADMINISTER)
    person, account = _person(actor, key)
    for one in (person, *person.merged.all()):  # entries that were merged into it are the same human being
        personal = PersonalData.objects.filter(person=one).first()
        forget_everywhere(one.key, [personal.email] if personal and personal.email else [])
        PersonalData.objects.filter(person=one).delete()
    _note(actor, "erased personal data", person, account)


def _person(actor: Actor, key: uuid.UUID) -> tuple[Person, Account]:
    person = Person.objects.select_for_update().filter(pk=key).first()
    if person is None:
        raise NotVisible
    return person, held(actor, person.account_id)


def _checked(fields: Mapping[str, str]) -> dict[str, str]:
    found = {name: value.strip() for name, value in fields.items()}
    if not found["name"] and not found["email"]:
        raise FieldRefused("name", "give a name or an e-mail address")
    for name, value in found.items():
        if len(value) > _LONGEST[name]:
            raise FieldRefused(name, f"at most {_LONGEST[name]} characters; these are {len(value)}")
    if found["email"]:
        try:
            validate_email(found["email"])
        except ValidationError:
            raise FieldRefused("email", f"'{found['email']}' is no e-mail address; write name@company.com") from None
    return found


def _note(
    actor: Actor,
    action: str,
    person: Person,
    account: Account,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    record(actor, action, kind="person", of=person.pk, name=str(person.pk), account_id=account.pk, before=before,
           after=after)  # fmt: skip
