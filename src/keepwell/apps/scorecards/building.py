"""Builds what previews wait for, with progress that pages show."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC

from django.utils import timezone

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.health.place import opened
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.scorecards.backtests import judged
from keepwell.apps.scorecards.models import Built, Status
from keepwell.apps.scorecards.preview import built_path
from keepwell.engine.run import score
from keepwell.engine.storing import write_values
from keepwell.errors import KeepwellError, RequestRefused


def carry_out(built: Built) -> None:
    """Builds it; what fails is told in it."""
    built.status, built.step = Status.RUNNING, "reading facts"
    built.save()
    try:
        if built.kind == "values":
            _values(built)
        else:
            built.result = judged(built.files, _advance(built))
        built.status = Status.DONE
    except KeepwellError as error:
        built.status, built.error = Status.FAILED, str(error)
    built.ended_at, built.step = timezone.now(), ""
    built.save()


def _values(built: Built) -> None:
    """Values of the draft's metrics at the date of the last run, with what was known then."""
    run, project = latest_run(), project_of(built.files)
    if run is None:
        raise RequestRefused("nothing was scored yet: start a run first")
    known = run.known_at.astimezone(UTC) if run.known_at else state_of(run).values.known_at
    with opened(project) as data:
        scored = score(project, data, as_of=run.as_of, known_at=known)
    path = built_path(built.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    write_values(scored.values, unfinished)
    unfinished.replace(path)


def _advance(built: Built) -> Callable[[int, int], None]:
    def advance(done: int, total: int) -> None:
        Built.objects.filter(pk=built.pk).update(done=done, total=total, step="scoring dates of the past")

    return advance
