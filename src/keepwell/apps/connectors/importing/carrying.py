"""Carries an import on from where it stands, for whoever asked for it."""

from __future__ import annotations

import logging
from datetime import timedelta
from shutil import rmtree

from django.db.models import Q
from django.utils import timezone

from keepwell.apps.access.actors import Actor, Forbidden, NotVisible, Person, System
from keepwell.apps.connectors.importing.checking import check
from keepwell.apps.connectors.importing.models import Import, ImportStatus
from keepwell.apps.connectors.importing.operations import UNDO_DAYS
from keepwell.apps.connectors.importing.place import folder_of, imports_dir
from keepwell.apps.connectors.importing.progress import fail
from keepwell.apps.connectors.importing.taking import take, undo
from keepwell.errors import InputError

log = logging.getLogger("keepwell.imports")


def carry_on(import_id: int) -> None:
    """What a file or its rows are refused for is told in its row; what may pass is raised, and tried again."""
    one = Import.objects.select_related("user").filter(pk=import_id).first()
    if one is None or not one.is_working:
        return
    steps = {ImportStatus.CHECKING: check, ImportStatus.UNDOING: undo}
    try:
        steps.get(ImportStatus(one.status), take)(one, _actor(one))
    except (InputError, Forbidden, NotVisible) as refused:
        if one.status == ImportStatus.WRITING or "writing this table" in str(refused):
            raise  # decided already, or another writer is at the table for a moment
        log.warning("import %s: %s", import_id, refused)
        back = ImportStatus.DONE if one.status == ImportStatus.UNDOING else ImportStatus.FAILED
        fail(one, str(refused) or "what it was brought into is gone", back)


def delete_old_files() -> None:
    """Rows of the history stay."""
    now = timezone.now()
    ended = Q(ended_at__lt=now - timedelta(days=UNDO_DAYS)) | Q(
        ended_at=None, asked_at__lt=now - timedelta(days=UNDO_DAYS)
    )
    for one in Import.objects.filter(ended, files_gone=False):
        if not one.is_working:
            rmtree(folder_of(one.pk), ignore_errors=True)
            one.files_gone = True
            one.save(update_fields=["files_gone"])
    for left in imports_dir().glob("arriving-*"):
        if left.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            left.unlink(missing_ok=True)


def _actor(one: Import) -> Actor:
    return Person(one.user, origin="job") if one.user else System("imports")
