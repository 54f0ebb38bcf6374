"""Write keys: what may send events, from which pages, and what of its events is kept."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.usage.models import WriteKey
from keepwell.apps.usage.operations.datasets import add_datasets
from keepwell.apps.usage.origins import origin
from keepwell.errors import FieldRefused

MOST = 200
"""Origins or properties of a key."""
_LONGEST = 100


@transaction.atomic
def create_write_key(
    *, actor: Actor, name: str, origins: Iterable[str] = (), properties: Iterable[str] = ()
) -> WriteKey:
    """With the first one the definitions get the datasets of events, where they have none.

    Raises FieldRefused for a name that is taken, an origin that is none, and the like.
    """
    require(actor, Permission.CONFIGURE)
    key = WriteKey.objects.create(
        name=_free(name), origins=_origins(origins), properties=_properties(properties), created_by=actor.user
    )
    record(actor, "made", kind="write key", of=key.pk, name=key.name, after=_told(key))
    add_datasets(actor=actor)
    return key


@transaction.atomic
def change_write_key(*, actor: Actor, key_id: int, origins: Iterable[str], properties: Iterable[str]) -> WriteKey:
    """Counts for what is sent from then on; web processes know it within two seconds."""
    require(actor, Permission.CONFIGURE)
    key = _locked(key_id)
    before = _told(key)
    key.origins, key.properties = _origins(origins), _properties(properties)
    key.save(update_fields=["origins", "properties"])
    record(actor, "changed", kind="write key", of=key.pk, name=key.name, before=before, after=_told(key))
    return key


@transaction.atomic
def revoke_write_key(*, actor: Actor, key_id: int) -> WriteKey:
    """Nothing is taken with it any more; what it sent stays. Revoking again changes nothing."""
    require(actor, Permission.CONFIGURE)
    key = _locked(key_id)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record(actor, "revoked", kind="write key", of=key.pk, name=key.name, before={"revoked": False},
               after={"revoked": True})  # fmt: skip
    return key


def _locked(key_id: int) -> WriteKey:
    key = WriteKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise NotVisible
    return key


def _free(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= _LONGEST or not name.isprintable():
        raise FieldRefused("name", f"give a name of 1 to {_LONGEST} characters, such as: web app")
    if WriteKey.objects.filter(name__iexact=name).exists():
        raise FieldRefused("name", f"there is a write key {name} already")
    return name


def _origins(given: Iterable[str]) -> list[str]:
    return _few("origins", [origin(one) for one in given if one.strip()])


def _properties(given: Iterable[str]) -> list[str]:
    named = [one.strip() for one in given if one.strip()]
    wrong = next((one for one in named if len(one) > _LONGEST or not one.isprintable()), None)
    if wrong is not None:
        raise FieldRefused("properties", f"'{wrong[:40]}' is no name of at most {_LONGEST} characters")
    return _few("properties", named)


def _few(field: str, given: list[str]) -> list[str]:
    found = list(dict.fromkeys(given))
    if len(found) > MOST:
        raise FieldRefused(field, f"at most {MOST}; these are {len(found)}")
    return found


def _told(key: WriteKey) -> dict[str, object]:
    return {"origins": list(key.origins), "properties": list(key.properties)}
