"""Carries out an experiment of whatever kind, with progress that pages show; a killed one is carried out again."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from keepwell.apps.experiments.kinds.registry import kind_of
from keepwell.apps.experiments.kinds.work import Stopped, Work
from keepwell.apps.experiments.models import ENDED, Experiment, Status
from keepwell.apps.health.attempts import died
from keepwell.errors import KeepwellError

MAX_ATTEMPTS = 3


def make(experiment: Experiment) -> None:
    """What fails is told in it. Raises what nobody foresaw, so that it is tried again and logged.

    One that still runs when it is begun was left by a process that ended; after `MAX_ATTEMPTS` of these it fails.
    """
    if experiment.status == Status.RUNNING and experiment.attempts >= MAX_ATTEMPTS:
        _end(experiment, Status.FAILED, error=died(experiment.attempts))
        return
    if not _begun(experiment):
        return
    try:
        result = kind_of(experiment).make(experiment, Work(experiment))
    except Stopped:
        experiment.refresh_from_db()
    except KeepwellError as error:
        _end(experiment, Status.FAILED, error=_on_a_page(error))
    except Exception as error:
        _end(experiment, Status.FAILED, error=f"{type(error).__name__}: {error}. The worker's log has the details.")
        raise
    else:
        _end(experiment, Status.DONE, result=result)


def _begun(experiment: Experiment) -> bool:
    """False where it was cancelled, or failed before and somebody asked the same since: that one is carried out."""
    now = timezone.now()
    begun = {
        "status": Status.RUNNING, "step": "reading definitions and outcomes", "started_at": now, "beat_at": now,
        "done": 0, "total": 0, "error": "", "attempts": experiment.attempts + 1,
    }  # fmt: skip
    try:
        with transaction.atomic():
            return bool(Experiment.objects.filter(pk=experiment.pk).exclude(status__in=ENDED).update(**begun))
    except IntegrityError:
        return False


def _end(experiment: Experiment, status: Status, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    """One that was cancelled meanwhile stays so."""
    Experiment.objects.filter(pk=experiment.pk, status=Status.RUNNING).update(
        status=status, result=result or {}, error=error, ended_at=timezone.now(), step=""
    )
    experiment.refresh_from_db()


def _on_a_page(error: KeepwellError) -> str:
    """The words of the command line, with what there is on the page in place of its options."""
    said = str(error)
    return said.replace("name it with --trust", "tick “Count what has no history as it is now”").replace(
        "name with --trust what was then as it is now", "tick “Count what has no history as it is now”"
    )
