"""Connections are made by those who administer: they hold secrets, and what they read may be anything."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.connectors.models import Connection
from keepwell.apps.connectors.place import door
from keepwell.apps.connectors.queries import settings_of
from keepwell.apps.connectors.refusals import refuse_name
from keepwell.apps.connectors.secrets import opened, sealed
from keepwell.connect.extra import require_extra
from keepwell.connect.registry import source_of, spec_of
from keepwell.connect.spec import Settings, Spec, missing
from keepwell.errors import FieldRefused, InputError

_PATIENCE = 15  # seconds: somebody looks at a page


@transaction.atomic
def make_connection(*, actor: Actor, name: str, kind: str, said: Mapping[str, str]) -> Connection:
    """`said`: settings by name, secrets among them."""
    require(actor, Permission.ADMINISTER)
    require_extra()
    refuse_name(name)
    if Connection.objects.filter(name=name).exists():
        raise FieldRefused("name", f"there is a connection '{name}' already")
    connection = Connection(name=name, kind=spec_of(kind).name)
    _put(connection, said, {})
    connection.save()
    record(actor, "made", kind="connection", of=connection.pk, name=name, after=_told(connection))
    return connection


@transaction.atomic
def change_connection(*, actor: Actor, connection: Connection, said: Mapping[str, str]) -> Connection:
    """Settings are replaced; a secret that is left empty stays as it is."""
    require(actor, Permission.ADMINISTER)
    held = Connection.objects.select_for_update().get(pk=connection.pk)
    before, sealed_before = _told(held), held.secrets
    _put(held, said, _kept(held, said))
    held.check_says, held.check_failed, held.checked_at = "", False, None
    held.save()
    renewed = {"secrets": "entered again"} if held.secrets != sealed_before and _any_secret(held, said) else {}
    after = {**_told(held), **renewed}
    record(actor, "changed", kind="connection", of=held.pk, name=held.name, before=before, after=after)
    return held


@transaction.atomic
def remove_connection(*, actor: Actor, connection: Connection) -> None:
    require(actor, Permission.ADMINISTER)
    users = [*connection.syncs.values_list("name", flat=True), *connection.exports.values_list("name", flat=True)]
    if users:
        raise FieldRefused("name", f"{', '.join(users)} use this connection: remove those first")
    record(actor, "removed", kind="connection", of=connection.pk, name=connection.name, before=_told(connection))
    connection.delete()


def check_connection(*, actor: Actor, connection: Connection) -> Connection:
    """Asks the other side for something small, and keeps what it said."""
    require(actor, Permission.CONFIGURE)
    try:
        says, failed = source_of(connection.kind).check(settings_of(connection), door(patience=_PATIENCE)), False
    except InputError as refused:
        says, failed = str(refused), True
    connection.checked_at, connection.check_says, connection.check_failed = timezone.now(), says, failed
    connection.save(update_fields=["checked_at", "check_says", "check_failed"])
    return connection


def _kept(connection: Connection, said: Mapping[str, str]) -> dict[str, str]:
    """Secrets that stay. Another address must not get those that were meant for the one before."""
    old = connection.settings
    places = ("address", "host", "endpoint", "token_address", "place")
    if any(said.get(name, "") != old.get(name, "") for name in places if name in said or name in old):
        return {}
    return opened(connection.secrets)


def _put(connection: Connection, said: Mapping[str, str], kept: Mapping[str, str]) -> None:
    spec = spec_of(connection.kind)
    if strange := sorted(set(said) - {one.name for one in spec.settings}):
        raise FieldRefused(strange[0], f"{spec.title} has no setting '{strange[0]}'")
    cleaned = {name: value if _is_long(spec, name) else value.strip() for name, value in said.items()}
    plain = {one.name: cleaned.get(one.name) or one.default for one in spec.settings if not one.secret}
    secret = {one.name: cleaned.get(one.name) or kept.get(one.name, "") for one in spec.settings if one.secret}
    for field, words in missing(spec, Settings(plain, secret)).items():
        if field in secret and connection.secrets:
            again = "the address changed, and the other side must not get what was meant for the one before"
            raise FieldRefused(field, f"{words} again: {again}")
        raise FieldRefused(field, words)
    connection.settings = {name: value for name, value in plain.items() if value}
    connection.secrets = sealed(secret)


def _is_long(spec: Spec, name: str) -> bool:
    return any(one.name == name and one.long for one in spec.settings)


def _any_secret(connection: Connection, said: Mapping[str, str]) -> bool:
    return any(said.get(one.name) for one in spec_of(connection.kind).settings if one.secret)


def _told(connection: Connection) -> dict[str, object]:
    """What the audit may hold: no secrets."""
    return {"kind": connection.kind, **connection.settings}
