"""How far a run is, kept in its row: steps with their times, how it ended, what failed."""

from __future__ import annotations

from datetime import UTC
from importlib.metadata import version as installed

from django.utils import timezone

from keepwell.apps.health.models import Run, RunStatus
from keepwell.engine.run import Run as Scored


def begin(run: Run, version_number: int) -> None:
    """An attempt starts; what an earlier one told is gone but for when it began and which facts it reads."""
    now = timezone.now()
    run.version_number, run.engine_version = version_number, installed("keepwell")
    run.status, run.started_at, run.beat_at, run.ended_at = RunStatus.RUNNING, run.started_at or now, now, None
    run.error, run.steps, run.step = "", [], ""
    run.attempts += 1
    run.save()


def step(run: Run, name: str) -> None:
    """The next step begins, and the one before it has its time."""
    _close_step(run)
    run.step, run.beat_at = name, timezone.now()
    run.save(update_fields=["step", "beat_at", "steps"])


def end(run: Run, scored: Scored) -> None:
    """The run is done: what it saw and what it warns of."""
    _close_step(run)
    run.status, run.step, run.ended_at = RunStatus.DONE, "", timezone.now()
    run.known_at = scored.values.known_at.replace(tzinfo=UTC)
    run.accounts = len(scored.values.accounts)
    run.load_ids = dict(scored.values.load_ids)
    run.warnings = [*scored.scores.problems, *scored.scores.warnings]
    run.save()


def fail(run: Run, error: str) -> None:
    """The run ended without a result. `step` stays: that is where it failed."""
    run.status, run.error, run.ended_at = RunStatus.FAILED, error, timezone.now()
    run.save()


def _close_step(run: Run) -> None:
    if run.step and run.beat_at is not None:
        run.steps = [
            *run.steps,
            {"step": run.step, "seconds": round((timezone.now() - run.beat_at).total_seconds(), 2)},
        ]
