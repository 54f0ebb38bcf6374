"""How long values of runs are kept as files. They can be built again from the facts; scores are kept in the history.

Pages read the newest run's file and a week's beside it; older ones serve the comparison of two dates alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from keepwell.apps.health.models import CurrentHealth, CurrentUnitHealth, Run, RunStatus
from keepwell.apps.health.place import data_dir
from keepwell.apps.health.scored import latest_run

ASIDE_DAYS = 7
"""What was built again, or for backtests, is kept so long after it was made."""


def retain_values(days: int) -> int:
    """Deletes values of dates more than `days` before the newest one, and those of a date that was scored again since.

    What pages show now stays, however old, and what was written in the last `ASIDE_DAYS`. Returns how many files went.
    """
    newest = latest_run()
    if newest is None:
        return 0
    kept = _kept(newest, days)
    gone = 0
    for run in Run.objects.exclude(values_file="").exclude(pk__in=kept).filter(status=RunStatus.DONE):
        path = data_dir() / "values" / run.values_file
        if is_old(path):
            Run.objects.filter(pk=run.pk).update(values_file="")  # first: a page that looks builds it again
            path.unlink(missing_ok=True)
            gone += 1
    return gone + sum(_deleted(path) for path in _asides() if is_old(path))


def _kept(newest: Run, days: int) -> set[int]:
    """The newest run of each date in reach, the newest one, and all that pages show as current."""
    since = newest.as_of - timedelta(days=days)
    done = Run.objects.filter(status=RunStatus.DONE, as_of__gte=since).order_by("known_at", "pk")
    of_date = {as_of: pk for pk, as_of in done.values_list("pk", "as_of")}
    current = (
        table.objects.values_list("run_id", flat=True).distinct() for table in (CurrentHealth, CurrentUnitHealth)
    )
    return {newest.pk, *of_date.values(), *(pk for some in current for pk in some)}


def _asides() -> Iterator[Path]:
    """Values made for backtests, and what processes that died left half written."""
    folder = data_dir() / "values"
    yield from folder.glob("backtests/*/*")
    yield from (path for path in folder.glob("run-*") if path.suffix != ".values")


def is_old(path: Path) -> bool:
    """Whether it was written longer ago than what stands aside is kept, or is gone."""
    try:
        return time.time() - path.stat().st_mtime > ASIDE_DAYS * 86400
    except FileNotFoundError:
        return True


def _deleted(path: Path) -> int:
    path.unlink(missing_ok=True)
    if path.parent.name != "values" and not any(path.parent.iterdir()):
        path.parent.rmdir()
    return 1
