"""Writes of channels: made, changed, their secret renewed, tried out, removed. Secrets are told once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.notices.alerting import Alert
from keepwell.apps.notices.channels.enqueuing import enqueue_alert, key_of
from keepwell.apps.notices.channels.secrets import Secrets, is_signing, new_signing, seal, secrets_of
from keepwell.apps.notices.models import Channel, ChannelKind, Delivery
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import SourceRefused
from keepwell.errors import FieldRefused

Fields = Mapping[str, object]
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_TAKEN = frozenset({"in_app", "email", "new"})
_LONGEST_ADDRESS = 2000


@transaction.atomic
def make_channel(*, actor: Actor, name: str, kind: str, address: str, secret: str = "") -> tuple[Channel, str]:
    """The channel, and the secret that its calls are signed with, which is not shown again; empty for Slack.

    `secret`: one that the other side has already; a new one is made where none is given. Raises FieldRefused.
    """
    require(actor, Permission.ADMINISTER)
    _refuse_name(name)
    if kind not in ChannelKind.values:
        raise FieldRefused("kind", f"'{kind}' is no kind of channel: say {' or '.join(ChannelKind.values)}")
    address = _checked_address(kind, address)
    signing = _signing(kind, secret)
    made = Channel(name=name, kind=kind, place=_place(kind, address), secrets=seal(Secrets(address, signing)))
    made.save(force_insert=True)
    _note(actor, made, "made", after={"kind": kind, "place": made.place})
    return made, signing


@transaction.atomic
def change_channel(*, actor: Actor, channel: Channel, address: str = "", active: bool | None = None) -> Channel:
    """An empty address stays as it is. What waited goes to the new one. Raises FieldRefused."""
    require(actor, Permission.ADMINISTER)
    held = Channel.objects.select_for_update().get(pk=channel.pk)
    before = {"place": held.place, "active": held.active}
    if address:
        address = _checked_address(held.kind, address)
        kept = secrets_of(held)
        held.secrets = seal(Secrets(address, kept.signing, kept.before))
        held.place, held.rests_until = _place(held.kind, address), None
    if active is not None:
        held.active = active
    held.save()
    _note(actor, held, "changed", before=before, after={"place": held.place, "active": held.active})
    return held


@transaction.atomic
def rotate_secret(*, actor: Actor, channel: Channel, secret: str = "") -> str:
    """The new secret, which is not shown again. For a day calls are signed with the one before as well."""
    require(actor, Permission.ADMINISTER)
    held = Channel.objects.select_for_update().get(pk=channel.pk)
    if held.kind == ChannelKind.SLACK:
        raise FieldRefused("secret", "Slack checks no signatures; its address is its secret: enter a new address")
    kept, signing = secrets_of(held), _signing(held.kind, secret)
    held.secrets = seal(Secrets(kept.address, signing, kept.signing))
    held.rotated_at = timezone.now()
    held.save(update_fields=["secrets", "rotated_at"])
    _note(actor, held, "renewed the secret of")
    return signing


@transaction.atomic
def remove_channel(*, actor: Actor, channel: Channel) -> int:
    """With everything that waits or was given up. Returns how many messages were never sent."""
    require(actor, Permission.ADMINISTER)
    lost = channel.deliveries.exclude(status="sent").count()
    _note(actor, channel, "removed", before={"place": channel.place, "never_sent": lost})
    channel.delete()
    return lost


@transaction.atomic
def try_out(*, actor: Actor, channel: Channel) -> Delivery:
    """A message that says what it is, in the queue like any other."""
    require(actor, Permission.ADMINISTER)
    if not channel.active:
        raise FieldRefused("active", f"the channel '{channel.name}' is switched off: switch it on first")
    key = f"test:{uuid.uuid4()}"
    words = f"{actor.name} tried out the channel {channel.name}. Alerts come here."
    enqueue_alert(channel, Alert(key=key, kind="test", title="Keepwell reaches this channel", text=words))
    return Delivery.objects.get(key=key_of(channel, key))


def _refuse_name(name: str) -> None:
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise FieldRefused("name", f"'{name}' is no name: use small letters, digits, '-' and '_', such as cs-alerts")
    if Channel.objects.filter(name=name).exists():
        raise FieldRefused("name", f"there is a channel '{name}' already")


def _checked_address(kind: str, text: str) -> str:
    """Raises FieldRefused for what no call may go to, as far as that can be told now; every call is checked anew."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port, parts = "", 0, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or len(text) > _LONGEST_ADDRESS or not text.isprintable():
        raise FieldRefused("address", "this is no address: give one such as https://hooks.example.com/keepwell")
    if parts.username or parts.password:
        raise FieldRefused("address", "leave out the name and password: calls are known by their signature")
    door = Door(settings.ENVIRONMENT.outgoing)
    try:
        door.addresses(host, port)
        if parts.scheme == "http" and not door.allows_plain(host, port):
            raise FieldRefused("address", "it is not encrypted: use https, or allow the host with KEEPWELL_OUTGOING")
    except SourceRefused as refused:
        if not refused.passing:
            raise FieldRefused("address", str(refused)) from None
        if parts.scheme == "http":
            raise FieldRefused("address", f"{refused}; with https it can be entered before it is there") from None
    return text


def _signing(kind: str, secret: str) -> str:
    if kind == ChannelKind.SLACK:
        return ""
    if secret and not is_signing(secret):
        raise FieldRefused(
            "secret", "a secret begins with whsec_, and 24 to 64 bytes in base64 follow; or leave it empty"
        )
    return secret or new_signing()


def _place(kind: str, address: str) -> str:
    """As much of an address as tells channels apart and opens none."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    path = "/…" if kind == ChannelKind.SLACK or parts.query else parts.path
    return f"{parts.scheme}://{parts.hostname}{port}{path}"[:300]


def _note(
    actor: Actor, channel: Channel, action: str, *, before: Fields | None = None, after: Fields | None = None
) -> None:
    record(actor, action, kind="channel", of=channel.pk, name=channel.name, before=before, after=after)
