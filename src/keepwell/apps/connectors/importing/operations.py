"""What people do with imports: bring a file, match its columns, take it, take it back, throw it away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.connectors.importing.arriving import ENDINGS
from keepwell.apps.connectors.importing.guessing import as_utf8, guessed_columns, look_at
from keepwell.apps.connectors.importing.matching import checked_columns, remembered
from keepwell.apps.connectors.importing.models import Import, ImportStatus
from keepwell.apps.connectors.importing.place import folder_of, uploaded
from keepwell.apps.connectors.importing.queries import import_for
from keepwell.apps.connectors.importing.targets import target_named, usable
from keepwell.errors import FieldRefused, RequestRefused

UNDO_DAYS = 30
ALL, ACCEPTED = "all", "accepted"


def bring(*, actor: Actor, target: str, file_name: str, path: Path) -> Import:
    """A file becomes an import whose columns are guessed; `path` is moved. Raises FieldRefused, and deletes it."""
    require(actor, Permission.BULK)
    into = usable(target_named(target))
    name = Path(file_name or "file.csv").name[-200:]
    try:
        if Path(name).suffix.lower() not in ENDINGS:
            raise FieldRefused("file", f"'{name}' is no CSV file: choose one that ends with {', '.join(ENDINGS)}")
        size = path.stat().st_size
        encoding = as_utf8(path)
        look = look_at(path)
    except RequestRefused as refused:
        path.unlink(missing_ok=True)
        raise (
            refused
            if isinstance(refused, FieldRefused)
            else FieldRefused("file", "; ".join(map(str, refused.problems)))
        ) from None
    columns = guessed_columns(look, into, remembered(target))
    with transaction.atomic():
        one = Import.objects.create(
            target=target, file_name=name, size=size, encoding=encoding, delimiter=look.delimiter, columns=columns,
            user=actor.user, asked_by=actor.name,
        )  # fmt: skip
        folder_of(one.pk).mkdir(parents=True, exist_ok=True)
        path.replace(folder_of(one.pk) / "upload.csv")
    return one


@transaction.atomic
def match(*, actor: Actor, import_id: int, columns: Mapping[str, Mapping[str, Any]], clears: bool = False) -> Import:
    """Says which column is what, and has every row checked."""
    one = _held(actor, import_id, ImportStatus.MATCHING, ImportStatus.CHECKED, ImportStatus.FAILED)
    target = usable(target_named(one.target))
    one.columns = checked_columns(target, list(look_at(uploaded(one.pk)).header), columns)
    one.clears = clears
    one.counts, one.reasons, one.notes, one.mode = {}, [], [], ""
    return _hand_over(one, ImportStatus.CHECKING)


@transaction.atomic
def take(*, actor: Actor, import_id: int, mode: str) -> Import:
    """`mode`: all (refused where a row was rejected) or accepted."""
    one = _held(actor, import_id, ImportStatus.CHECKED)
    usable(target_named(one.target))
    if mode not in (ALL, ACCEPTED):
        raise FieldRefused("mode", "choose 'all or nothing' or 'accepted rows only'")
    rejected = one.counts.get("rejected", 0) + one.counts.get("strange", 0)
    if mode == ALL and rejected:
        raise FieldRefused(
            "mode",
            f"{rejected:,} rows are rejected: correct them and bring the file again, or take the accepted rows only",
        )
    if not one.counts.get("accepted"):
        raise FieldRefused("mode", "no row was accepted: there is nothing to take")
    one.mode = mode
    return _hand_over(one, ImportStatus.TAKING)


@transaction.atomic
def undo(*, actor: Actor, import_id: int) -> Import:
    """What the import left as it is goes back; what was changed since stays."""
    one = _held(actor, import_id, ImportStatus.DONE)
    if why := why_not_undone(one):
        raise RequestRefused(why)
    usable(target_named(one.target))
    return _hand_over(one, ImportStatus.UNDOING)


@transaction.atomic
def discard(*, actor: Actor, import_id: int) -> None:
    """A file that was not taken goes, with its rejected rows."""
    one = _held(actor, import_id, ImportStatus.MATCHING, ImportStatus.CHECKED, ImportStatus.FAILED)
    record(actor, "discarded import", kind="import", of=one.pk, name=str(one))
    number = one.pk
    one.delete()
    transaction.on_commit(lambda: rmtree(folder_of(number), ignore_errors=True))


def why_not_undone(one: Import) -> str:
    """Why an import that was taken cannot be taken back; empty where it can."""
    if one.status != ImportStatus.DONE:
        return "only an import that was taken can be undone"
    if one.files_gone or (one.ended_at and one.ended_at < timezone.now() - timedelta(days=UNDO_DAYS)):
        return f"what was there before is kept for {UNDO_DAYS} days, and this import is older"
    return ""


def _held(actor: Actor, import_id: int, *allowed: ImportStatus) -> Import:
    require(actor, Permission.BULK)
    import_for(actor, import_id)
    one = Import.objects.select_for_update().get(pk=import_id)
    if one.status not in allowed:
        raise RequestRefused(f"this import is {one.get_status_display().lower()}: that cannot be done with it now")
    return one


def _hand_over(one: Import, status: ImportStatus) -> Import:
    from keepwell.apps.connectors.importing.jobs import carry_on

    one.status, one.step, one.error, one.ended_at = status, "", "", None
    one.save()
    carry_on.defer(import_id=one.pk)
    return one
