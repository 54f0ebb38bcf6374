"""Exports carry scores of all accounts out, so those who administer make them; those who configure may send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.connectors.models import Connection, Export, Sending, Status
from keepwell.apps.connectors.refusals import refuse_name
from keepwell.apps.connectors.scheduling import in_words, next_after, schedule_of
from keepwell.apps.connectors.scores import COLUMNS, USUAL
from keepwell.apps.connectors.secrets import opened, sealed
from keepwell.connect.extra import require_extra
from keepwell.connect.spec import Settings
from keepwell.connect.writing.field import fields_of
from keepwell.connect.writing.target import target_of
from keepwell.errors import FieldRefused

_SHORTEST_SECRET = 16


@transaction.atomic
def make_export(
    *, actor: Actor, name: str, target: str, connection: Connection | None, said: Mapping[str, str],
    columns: Sequence[str] = USUAL, only_changes: bool = True, schedule: str = "never",
) -> Export:  # fmt: skip
    """`said`: settings of the target by name, a secret among them."""
    require(actor, Permission.ADMINISTER)
    require_extra()
    refuse_name(name)
    if Export.objects.filter(name=name).exists():
        raise FieldRefused("name", f"there is a write-back '{name}' already")
    export = Export(name=name, target=target_of(target).SPEC.name, author=actor.user)
    _put(export, connection, said, columns, only_changes, schedule)
    export.save()
    record(actor, "made", kind="write-back", of=export.pk, name=name, after=_told(export))
    return export


@transaction.atomic
def change_export(
    *, actor: Actor, export: Export, connection: Connection | None, said: Mapping[str, str], columns: Sequence[str],
    only_changes: bool, schedule: str,
) -> Export:  # fmt: skip
    """What was sent is forgotten where it goes elsewhere now, so that the next sending is of everything."""
    require(actor, Permission.ADMINISTER)
    held = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    before, place = _told(held), (held.connection_id, held.settings)
    _put(held, connection, said, columns, only_changes, schedule)
    held.save()
    if (held.connection_id, held.settings) != place:
        held.sent.all().delete()
    record(actor, "changed", kind="write-back", of=held.pk, name=held.name, before=before, after=_told(held))
    return held


@transaction.atomic
def pause_export(*, actor: Actor, export: Export, paused: bool) -> None:
    require(actor, Permission.CONFIGURE)
    export.is_paused, export.next_at = paused, None if paused else next_after(export, timezone.now())
    export.save(update_fields=["is_paused", "next_at"])
    record(actor, "paused" if paused else "resumed", kind="write-back", of=export.pk, name=export.name)


@transaction.atomic
def remove_export(*, actor: Actor, export: Export) -> None:
    """What was written stays where it is."""
    require(actor, Permission.ADMINISTER)
    record(actor, "removed", kind="write-back", of=export.pk, name=export.name, before=_told(export))
    export.delete()


@transaction.atomic
def ask_sending(*, actor: Actor, export: Export, everything: bool = False) -> Sending:
    """A sending that a worker carries out; one that waits already is that one."""
    require(actor, Permission.CONFIGURE)
    from keepwell.apps.connectors.jobs import defer_sending

    waiting = export.sendings.filter(status=Status.WAITING).order_by("-pk").first()
    if waiting is not None and waiting.everything >= everything:
        return waiting
    sending = Sending.objects.create(export=export, asked_by=actor.name, everything=everything)
    if actor.user is not None:
        record(actor, "sent", kind="write-back", of=export.pk, name=export.name, after={"sending": sending.pk})
    defer_sending(sending.pk, export.name)
    return sending


def _put(
    export: Export, connection: Connection | None, said: Mapping[str, str], columns: Sequence[str], only_changes: bool,
    schedule: str,
) -> None:  # fmt: skip
    spec = target_of(export.target).SPEC
    if spec.kinds and (connection is None or connection.kind not in spec.kinds):
        raise FieldRefused("connection", f"{spec.title} needs a connection of kind {' or '.join(spec.kinds)}")
    if strange := sorted(set(said) - {one.name for one in spec.settings}):
        raise FieldRefused(strange[0], f"{spec.title} has no setting '{strange[0]}'")
    if unknown := [one for one in columns if one not in COLUMNS]:
        raise FieldRefused("columns", f"'{unknown[0]}' is no column; these are: {', '.join(COLUMNS)}")
    moved = said.get("url", "").strip() != export.settings.get("url", "")
    kept = {} if moved else opened(export.secrets)
    plain = {one.name: said.get(one.name, "").strip() or one.default for one in spec.settings if not one.secret}
    secret = {one.name: said.get(one.name, "").strip() or kept.get(one.name, "") for one in spec.settings if one.secret}
    for one in spec.settings:
        value = {**plain, **secret}[one.name]
        if one.required and not value:
            raise FieldRefused(one.name, f"{one.title} is needed")
        if one.choices and value not in one.choices:
            raise FieldRefused(one.name, f"'{value}' is none of {', '.join(one.choices)}")
    if 0 < len(secret.get("secret", "")) < _SHORTEST_SECRET:
        raise FieldRefused("secret", f"give at least {_SHORTEST_SECRET} characters")
    if export.target == "field":
        columns = [one for one in fields_of(Settings(plain)) if one in COLUMNS]
    export.connection = connection if spec.kinds else None
    export.settings = {name: value for name, value in plain.items() if value}
    export.secrets = sealed(secret)
    export.columns, export.only_changes = list(dict.fromkeys(("id", *columns))), only_changes
    schedule_of(schedule).put_on(export, timezone.now())


def _told(export: Export) -> dict[str, Any]:
    return {
        "target": export.target, "connection": export.connection.name if export.connection else "",
        **export.settings, "columns": export.columns, "only_changes": export.only_changes, "schedule": in_words(export),
    }  # fmt: skip
