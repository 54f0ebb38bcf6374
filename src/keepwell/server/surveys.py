"""Surveys from the command line, of an installation that runs or not; a worker sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepwell.errors import RequestRefused
from keepwell.server.processes import migrate
from keepwell.server.supervisor import database

if TYPE_CHECKING:
    from keepwell.apps.access.actors import System


@dataclass(frozen=True)
class Planned:
    """Whom a survey would ask; `reasons`: (words, how many) of the others."""

    asked: int
    considered: int
    reasons: tuple[tuple[str, int], ...]


def planned(data_dir: Path, name: str, accounts: Sequence[str] | None) -> Planned:
    """Raises RequestRefused where nothing of it can be sent."""
    with _opened(data_dir, name) as actor:
        from django.utils import timezone

        from keepwell.apps.surveys.whom.deciding import plan

        found = plan(actor, name, timezone.now(), only=accounts)
        if found.refused:
            raise RequestRefused(found.refused)
        return Planned(found.asked, found.considered, found.reasons)


def send(data_dir: Path, name: str, accounts: Sequence[str] | None) -> int:
    """The number of the send."""
    with _opened(data_dir, name) as actor:
        from keepwell.apps.surveys import operations

        return operations.send(actor=actor, survey=name, accounts=accounts).pk


def sends(data_dir: Path, name: str) -> list[tuple[str, ...]]:
    """Newest first, as a list shows them; of a survey that is in force no longer too."""
    with _opened(data_dir, name) as actor:
        from keepwell.apps.surveys.editions import in_force
        from keepwell.apps.surveys.queries import sends_of

        found = sends_of(actor, name)
        if not found:
            in_force(name)  # a name that was mistyped has none either
        return [
            (str(one.send.pk), f"{one.send.made_at:%Y-%m-%d %H:%M}", one.send.trigger, one.send.get_status_display(),
             f"{one.asked:,}", f"{one.left:,}", f"{one.bounced:,}", f"{one.answered:,}")
            for one in found
        ]  # fmt: skip


def stop(data_dir: Path, number: int) -> int:
    """How many letters stay."""
    with database(data_dir):
        migrate()
        from keepwell.apps.access.actors import NotVisible, System
        from keepwell.apps.surveys import operations

        try:
            return operations.stop(actor=System("keepwell survey", "command line"), send_id=number)
        except NotVisible:
            raise RequestRefused(f"there is no send {number}: `keepwell survey sends NAME` shows them") from None


def bounce(data_dir: Path, addresses: Sequence[str], detail: str) -> int:
    """How many open invitations are marked."""
    with database(data_dir):
        migrate()
        from django.db import transaction

        from keepwell.apps.access.actors import System
        from keepwell.apps.surveys.refusing import bounced

        actor = System("keepwell survey", "command line")
        with transaction.atomic():  # one that is no address: none is noted
            return sum(bounced(actor=actor, address=one, detail=detail) for one in addresses)


@dataclass(frozen=True)
class Brought:
    """`rejected`: rows with their reasons; `taken`: whether the others count now."""

    number: int
    rows: int
    new: int
    there: int
    rejected: tuple[tuple[int, tuple[str, ...]], ...]
    taken: bool


def bring(
    data_dir: Path, name: str, path: Path, *, columns: dict[str, str] | None, mode: str, told: bool
) -> Brought:  # fmt: skip
    """Results of another tool. `mode`: all, accepted, or empty to look at it alone."""
    with _opened(data_dir, name) as actor:
        from keepwell.apps.surveys.importing import operations

        most = 10_000_000
        one = operations.bring(actor=actor, survey=name, file_name=path.name, path=path, columns=columns, most=most)
        found = operations.checked(actor=actor, one=one, most=most)
        rejected = tuple((row.row, row.reasons) for row in found.rejected)
        taken = bool(mode) and not (mode == "all" and rejected)
        if taken:
            operations.take(actor=actor, one=one, mode=mode, told=told, most=most)
        else:
            operations.discard(actor=actor, one=one)
        return Brought(one.pk or 0, found.rows, len(found.fresh), found.there, rejected, taken)


def take_back(data_dir: Path, name: str, number: int) -> int:
    """How many answers go."""
    with _opened(data_dir, name) as actor:
        from keepwell.apps.access.actors import NotVisible
        from keepwell.apps.surveys.importing import operations

        try:
            return operations.undo(actor=actor, one=operations.import_for(actor, name, number))
        except NotVisible:
            raise RequestRefused(f"there is no import {number} of '{name}': its page Import lists them") from None


@contextmanager
def _opened(data_dir: Path, name: str) -> Iterator[System]:
    """Whoever acts here. Raises RequestRefused for what is not in force."""
    with database(data_dir):
        migrate()
        from keepwell.apps.access.actors import NotVisible, System

        try:
            yield System("keepwell survey", "command line")
        except NotVisible:
            raise RequestRefused(
                f"there is no survey {name!r} in force, or no such account: the page Surveys lists surveys"
            ) from None
