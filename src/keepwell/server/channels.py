"""Channels from the command line, of an installation that runs or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepwell.errors import RequestRefused
from keepwell.server.processes import migrate
from keepwell.server.supervisor import database

if TYPE_CHECKING:
    from keepwell.apps.access.actors import System
    from keepwell.apps.notices.models import Channel


@dataclass(frozen=True)
class ChannelLine:
    """One channel as a list shows it. `place`: as much of its address as opens nothing."""

    name: str
    kind: str
    place: str
    active: bool
    waiting: int
    dead: int


def every_channel(data_dir: Path) -> list[ChannelLine]:
    """By name."""
    with _opened(data_dir) as actor:
        from keepwell.apps.notices.channels.queries import channels

        found: Iterable[Any] = channels(actor)
        return [ChannelLine(one.name, one.kind, one.place, one.active, one.waiting, one.dead) for one in found]


def add(data_dir: Path, *, name: str, kind: str, address: str, secret: str = "") -> str:
    """The secret that its calls are signed with; empty for Slack. Raises RequestRefused for what is no channel."""
    with _opened(data_dir) as actor:
        from keepwell.apps.notices.channels.operations import make_channel

        return make_channel(actor=actor, name=name, kind=kind, address=address, secret=secret)[1]


def try_out(data_dir: Path, name: str) -> str:
    """What came of a message, in words. Raises RequestRefused where there is no such channel, or it is off."""
    with _opened(data_dir) as actor:
        from keepwell.apps.notices.channels.delivering import deliver_what_is_due
        from keepwell.apps.notices.channels.operations import try_out as ask

        made = ask(actor=actor, channel=_named(actor, name))
        deliver_what_is_due()
        made.refresh_from_db()
        if made.ended_at is None:
            return f"It did not arrive: {made.error or 'the channel rests'}. It is tried again by a worker."
        return "It arrived." if made.status == "sent" else f"It did not arrive, and is given up: {made.error}."


def remove(data_dir: Path, name: str) -> int:
    """How many messages were never sent. Raises RequestRefused where there is no such channel."""
    with _opened(data_dir) as actor:
        from keepwell.apps.notices.channels.operations import remove_channel

        return remove_channel(actor=actor, channel=_named(actor, name))


def _named(actor: System, name: str) -> Channel:
    from keepwell.apps.access.actors import NotVisible
    from keepwell.apps.notices.channels.queries import channel_for

    try:
        return channel_for(actor, name)
    except NotVisible:
        raise RequestRefused(f"there is no channel {name!r}: `keepwell channel list` shows them") from None


@contextmanager
def _opened(data_dir: Path) -> Iterator[System]:
    with database(data_dir):
        migrate()
        from keepwell.apps.access.actors import System

        yield System("keepwell channel", "command line")
