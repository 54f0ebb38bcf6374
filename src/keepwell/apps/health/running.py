"""A run from beginning to end: facts to scores, values kept, history written, accounts and current health renewed.

Killed anywhere it is repeated without a trace: the lake knows what each run wrote, the file of values is written beside
its place and moved, and current health changes in one transaction at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, date
from importlib.metadata import version as installed

from django.db import transaction
from django.utils import timezone

from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.health.current import renew
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.place import lake, opened, values_path
from keepwell.definitions.versions import Versions
from keepwell.engine.run import Run as Scored
from keepwell.engine.run import history, score
from keepwell.engine.storing import write_values
from keepwell.errors import KeepwellError
from keepwell.lake.keeping import keep_run, run_name


def carry_out(run: Run, version: Version) -> None:
    """Scores the run's date and puts the result where everybody looks. What fails is told in the run."""
    project = project_of(version.files)
    _begin(run, version)
    try:
        with opened(project) as data:
            _step(run, "reading facts and scoring")
            known = run.known_at.astimezone(UTC) if run.known_at else None
            scored = score(project, data, as_of=run.as_of, known_at=known)
        _keep(run, scored, Versions(project))
        _step(run, "renewing what pages show")
        with transaction.atomic():
            run.moved = renew(run, project, scored)
            _end(run, scored)
    except KeepwellError as error:
        _fail(run, str(error))
    except Exception as error:
        _fail(run, f"{type(error).__name__}: {error}")
        raise


def back_fill(version: Version, dates: Sequence[date], asked_by: str) -> Iterator[date]:
    """Scores dates of the past, each as it could be known then, into the history; the last becomes current."""
    project = project_of(version.files)
    versions = Versions(project)
    with opened(project) as data:
        for scored in history(project, data, dates):
            run = Run.objects.create(as_of=scored.values.as_of, asked_by=asked_by)
            _begin(run, version)
            _keep(run, scored, versions, with_file=scored.values.as_of >= dates[-1])
            with transaction.atomic():
                if scored.values.as_of >= dates[-1]:
                    run.moved = renew(run, project, scored)
                _end(run, scored)
            yield scored.values.as_of


def _begin(run: Run, version: Version) -> None:
    now = timezone.now()
    run.version_number, run.engine_version = version.number, installed("keepwell")
    run.status, run.started_at, run.beat_at, run.error = RunStatus.RUNNING, run.started_at or now, now, ""
    run.save()


def _step(run: Run, step: str) -> None:
    run.step, run.beat_at = step, timezone.now()
    run.save(update_fields=["step", "beat_at"])


def _keep(run: Run, scored: Scored, versions: Versions, *, with_file: bool = True) -> None:
    _step(run, "writing history")
    keep_run(lake(), scored, versions)
    if with_file:
        path = values_path(run.pk)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        write_values(scored.values, unfinished)
        unfinished.replace(path)
        run.values_file = path.name
    run.name = run_name(versions, scored.values)


def _end(run: Run, scored: Scored) -> None:
    run.status, run.step, run.ended_at = RunStatus.DONE, "", timezone.now()
    run.known_at = scored.values.known_at.replace(tzinfo=UTC)
    run.accounts = len(scored.values.accounts)
    run.load_ids = dict(scored.values.load_ids)
    run.warnings = [*scored.scores.problems, *scored.scores.warnings]
    run.save()


def _fail(run: Run, error: str) -> None:
    run.status, run.error, run.ended_at = RunStatus.FAILED, error, timezone.now()
    run.save()
