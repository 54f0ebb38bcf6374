"""A run's values and scores in memory: computed once a process, asked for by every page that explains."""

from __future__ import annotations

from functools import lru_cache

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import version
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.place import values_path
from keepwell.engine.explain.states import State
from keepwell.engine.score import score_values
from keepwell.engine.storing import read_values


def latest_run() -> Run | None:
    """The newest run that is done, by date and then by what was known."""
    return Run.objects.filter(status=RunStatus.DONE).order_by("-as_of", "-known_at", "-pk").first()


def state_of(run: Run) -> State:
    """The run's definitions, values (from its file, memory-mapped) and scores (computed again, to the bit)."""
    assert run.version_number is not None
    return _state(run.pk, run.version_number)


@lru_cache(maxsize=6)
def _state(run: int, number: int) -> State:
    project = project_of(version(number).files)
    values = read_values(values_path(run))
    return State(project, values, score_values(project, values))
