"""An experiment while a worker carries it out: how far it is, where its files lie, and whether somebody stopped it."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.health.place import data_dir


class Stopped(Exception):
    """Somebody cancelled the experiment; the worker leaves it."""


class Work:
    """What is told stands in the experiment; telling raises Stopped once it was cancelled."""

    def __init__(self, experiment: Experiment) -> None:
        self._pk = experiment.pk

    @property
    def folder(self) -> Path:
        """Of this experiment alone, for what is too large for its result."""
        found = folder_of(self._pk)
        found.mkdir(parents=True, exist_ok=True)
        return found

    @property
    def values(self) -> Path:
        """Values of past dates, which experiments share; they go when they have lain for a while."""
        return data_dir() / "values" / "backtests"

    def dates(self, done: int, total: int) -> None:
        """How many dates of the past are scored."""
        self._tell(
            done=done, total=total, step="scoring dates" if done < total else "working out figures and intervals"
        )

    def say(self, step: str) -> None:
        """What begins now, of which nobody knows how long it takes."""
        self._tell(done=0, total=0, step=step[:100])

    def _tell(self, **told: object) -> None:
        running = Experiment.objects.filter(pk=self._pk, status=Status.RUNNING)
        if not running.update(beat_at=timezone.now(), **told):
            raise Stopped


def folder_of(pk: int) -> Path:
    return data_dir() / "experiments" / f"{pk:08}"
