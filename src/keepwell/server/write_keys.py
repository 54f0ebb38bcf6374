"""Write keys from the command line, of an installation that runs or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepwell.errors import RequestRefused
from keepwell.server.processes import migrate
from keepwell.server.supervisor import database

if TYPE_CHECKING:
    from keepwell.apps.access.actors import System


@dataclass(frozen=True)
class KeyLine:
    """One key as a list shows it. `last_seen`: in UTC, empty where nothing came yet."""

    name: str
    key: str
    works: bool
    last_seen: str
    accepted: int
    refused: int


def create(data_dir: Path, *, name: str, origins: Sequence[str], properties: Sequence[str]) -> str:
    """The new key. Raises RequestRefused for a name that is taken and the like."""
    with database(data_dir):
        migrate()
        from keepwell.apps.usage.operations.write_keys import create_write_key

        return create_write_key(actor=_actor(), name=name, origins=origins, properties=properties).key


def every_key(data_dir: Path) -> list[KeyLine]:
    """Those that work first."""
    with database(data_dir):
        migrate()
        from keepwell.apps.usage.queries.write_keys import write_keys

        found: Iterable[Any] = write_keys(_actor())
        return [
            KeyLine(one.name, one.key, one.revoked_at is None,
                    one.last_seen.strftime("%Y-%m-%d %H:%M") if one.last_seen else "", one.accepted, one.refused)
            for one in found
        ]  # fmt: skip


def revoke(data_dir: Path, *, name: str) -> None:
    """By name or by the key itself. Raises RequestRefused where there is none."""
    with database(data_dir):
        migrate()
        from keepwell.apps.usage.operations.write_keys import revoke_write_key
        from keepwell.apps.usage.queries.write_keys import write_keys

        found = next((one for one in write_keys(_actor()) if name in (one.name, one.key)), None)
        if found is None:
            raise RequestRefused(f"there is no write key {name!r}: `keepwell write-key list` shows them")
        revoke_write_key(actor=_actor(), key_id=found.pk)


def _actor() -> System:
    from keepwell.apps.access.actors import System

    return System("keepwell write-key", "command line")
