"""What is due by its schedule. Each is claimed by moving its next time, so that two workers ask for it once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from keepwell.apps.access.actors import System
from keepwell.apps.connectors.models import Export, Scheduled, Status, Sync
from keepwell.apps.connectors.operations.exports import ask_sending
from keepwell.apps.connectors.operations.syncs import ask_run
from keepwell.apps.connectors.queries import freshness
from keepwell.apps.connectors.scheduling import next_after
from keepwell.apps.connectors.telling import tell_of_late

_SCHEDULE = System("schedule")


def ask_for_what_is_due(now: datetime) -> int:
    """Returns how many runs and sendings were asked for."""
    asked = 0
    for sync in Sync.objects.filter(next_at__lte=now, is_paused=False):
        with transaction.atomic():
            if _claimed(sync, now) and not sync.runs.filter(status=Status.WAITING).exists():
                ask_run(actor=_SCHEDULE, sync=sync)
                asked += 1
    for export in Export.objects.filter(next_at__lte=now, is_paused=False):
        with transaction.atomic():
            if _claimed(export, now) and not export.sendings.filter(status=Status.WAITING).exists():
                ask_sending(actor=_SCHEDULE, export=export)
                asked += 1
    return asked


@transaction.atomic
def tell_of_what_is_late(now: datetime) -> int:
    """Returns how many syncs are late."""
    late = 0
    for sync in Sync.objects.all():
        found = freshness(sync, now)
        if found.late and found.due_by is not None:
            tell_of_late(sync, found.due_by)
            late += 1
    return late


def _claimed(thing: Scheduled, now: datetime) -> bool:
    """Whether this worker was the first to see that it is due."""
    following = next_after(thing, now)
    rows = type(thing)._default_manager.filter(pk=thing.pk, next_at=thing.next_at)
    return bool(rows.update(next_at=following))
