"""For whom rows of ledgers came (`health.arriving`), and what the live process has counted of that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from keepwell.apps.health.models import Arrival, Run

MOST = 20_000
_LONGEST = timedelta(hours=1)
"""A transaction that wrote rows may end so long after it said so: a run that read meanwhile has not seen them."""


@dataclass(frozen=True)
class Came:
    """Rows of arrivals and their accounts. `newest`: when the last was written, by its writer's clock."""

    ids: Collection[int]
    accounts: frozenset[str]
    newest: datetime | None


def are_waiting() -> bool:
    return Arrival.objects.filter(is_counted=False).exists()


def are_kept() -> bool:
    """Whether there are any, counted or not: a process that begins cannot know whether a run has read them."""
    return Arrival.objects.exists()


def waiting(most: int = MOST) -> Came:
    """What the live process has not counted, the oldest first."""
    return _came(Arrival.objects.filter(is_counted=False).order_by("id")[:most])


def since_run(run: Run) -> Came:
    """What a run may not have read, counted before or not."""
    return _came(Arrival.objects.exclude(_surely_read(run)))


def note_counted(came: Came) -> None:
    Arrival.objects.filter(pk__in=came.ids, is_counted=False).update(is_counted=True)


def forget_before(run: Run) -> None:
    """What a run has surely read."""
    Arrival.objects.filter(_surely_read(run)).delete()


def _surely_read(run: Run) -> Q:
    moments = [one for one in (run.known_at, run.started_at) if one is not None]
    return Q(at__lt=min(moments) - _LONGEST) if moments else Q(pk__in=[])


def _came(found: QuerySet[Arrival]) -> Came:
    rows = list(found.values_list("pk", "account_id", "at"))
    return Came(
        [pk for pk, _, _ in rows], frozenset(one for _, one, _ in rows), max((at for *_, at in rows), default=None)
    )
