"""Builds what previews wait for, with progress that pages show."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC

from django.utils import timezone

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.health.attempts import died
from keepwell.apps.health.place import opened
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.scorecards.backtests import judged
from keepwell.apps.scorecards.models import Built, Status
from keepwell.apps.scorecards.preview import built_path
from keepwell.apps.scorecards.watching import WatchedAggregates
from keepwell.apps.scorecards.whatif import keep_past
from keepwell.definitions.entities import metrics_for
from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_with
from keepwell.engine.moments import moment
from keepwell.engine.storing import write_values
from keepwell.errors import KeepwellError, RequestRefused

MAX_ATTEMPTS = 3


def carry_out(built: Built) -> None:
    """Builds it; what fails is told in it. Raises what nobody foresaw, so that it is tried again and logged.

    One whose process ended each time before it was done fails in words.
    """
    if built.status == Status.RUNNING and built.attempts >= MAX_ATTEMPTS:
        _end(built, Status.FAILED, died(built.attempts))
        return
    built.attempts += 1
    built.status, built.step, built.started_at = Status.RUNNING, "reading definitions", timezone.now()
    built.done, built.error = 0, ""
    built.save()
    try:
        if built.kind == "values":
            _values(built)
        elif built.kind == "past":
            keep_past(built.key, built.files, _advance(built))
        else:
            built.result = judged(built.files, _advance(built))
    except KeepwellError as error:
        _end(built, Status.FAILED, str(error))
    except Exception as error:
        _end(built, Status.FAILED, f"{type(error).__name__}: {error}. The worker's log has the details.")
        raise
    else:
        _end(built, Status.DONE)


def _end(built: Built, status: Status, error: str = "") -> None:
    """`done` and `total` stay as they were counted; a failure keeps the step in which it came."""
    built.refresh_from_db(fields=["done", "total", "step"])
    built.status, built.error, built.ended_at = status, error, timezone.now()
    built.step = built.step if status == Status.FAILED else ""
    built.save()


def _values(built: Built) -> None:
    """Values of the draft's metrics at the date of the last run, with what was known then."""
    run, project = latest_run(), project_of(built.files)
    if run is None:
        raise RequestRefused("nothing was scored yet: start a run first")
    known = run.known_at.astimezone(UTC) if run.known_at else state_of(run).values.known_at
    with opened(project) as data:
        bind(project, data)
        at = moment(run.as_of, project.settings.time_zone, known)
        watched = WatchedAggregates(project, data, _metrics_of(project), _reading(built))
        (values,) = build_with(project, data, [at], watched)
    _step(built, f"writing the values of {len(values.accounts):,} accounts")
    path = built_path(built.key)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    write_values(values, unfinished)
    unfinished.replace(path)


def _metrics_of(project: Project) -> int:
    """How many aggregates are read from facts, for accounts and for units."""
    kinds: list[EntityKind] = ["account", *(["relationship"] if project.with_role("relationships") else [])]  # type: ignore[list-item]
    return sum(
        isinstance(project.metrics[name], AggregateMetric) for kind in kinds for name in metrics_for(project, kind)
    )


def _reading(built: Built) -> Callable[[int, int, str], None]:
    def told(done: int, total: int, names: str) -> None:
        step = f"reading facts: {names}" if done < total else "working out what rests on the facts"
        Built.objects.filter(pk=built.pk).update(done=done, total=total, step=step[:100])

    return told


def _step(built: Built, step: str) -> None:
    Built.objects.filter(pk=built.pk).update(step=step)


def _advance(built: Built) -> Callable[[int, int], None]:
    def advance(done: int, total: int) -> None:
        Built.objects.filter(pk=built.pk).update(done=done, total=total, step="scoring dates of the past")

    return advance
