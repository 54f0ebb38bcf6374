"""Values built for drafts go when they have lain for a while; a draft that is looked at asks for them anew."""

from __future__ import annotations

import shutil
from pathlib import Path

from keepwell.apps.health.place import data_dir
from keepwell.apps.health.retaining import is_old
from keepwell.apps.scorecards.models import Built, Status
from keepwell.apps.scorecards.preview import built_path
from keepwell.apps.scorecards.whatif import past_path


def retain_built() -> int:
    """Deletes old files together with what says that they are there. Returns how many."""
    gone = 0
    for built in Built.objects.filter(kind__in=("values", "past"), status=Status.DONE):
        path = built_path(built.key) if built.kind == "values" else past_path(built.key)
        if is_old(path):
            built.delete()
            path.unlink(missing_ok=True) if built.kind == "values" else shutil.rmtree(path, ignore_errors=True)
            gone += 1
    return gone + sum(_swept(path) for path in _left_over() if is_old(path))


def _left_over() -> list[Path]:
    """Pasts of a format of before, and what processes that died left half written: nothing says that they are there."""
    folder = data_dir() / "values"
    return [path for pattern in ("past-*", ".past-*.unfinished") for path in folder.glob(pattern)]


def _swept(path: Path) -> int:
    shutil.rmtree(path, ignore_errors=True)
    return 1
