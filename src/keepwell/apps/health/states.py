"""Scored states of any date: from the file of the run where it is kept, else from the facts as they were known then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from functools import lru_cache

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import version
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.place import opened, values_path
from keepwell.apps.health.scored import state_of
from keepwell.definitions.project import Project
from keepwell.engine.explain.states import State
from keepwell.engine.run import Run as Scored
from keepwell.engine.run import score
from keepwell.errors import KeepwellError


def scored_dates() -> list[date]:
    """Every date that was scored, the newest first."""
    found = Run.objects.filter(status=RunStatus.DONE).order_by("-as_of").values_list("as_of", flat=True)
    return list(dict.fromkeys(found))


def run_at(day: date) -> Run | None:
    """The run of a date that knew most."""
    return Run.objects.filter(status=RunStatus.DONE, as_of=day).order_by("-known_at", "-pk").first()


def is_at_hand(run: Run) -> bool:
    """Whether the run's values are kept as a file."""
    return bool(run.values_file) and values_path(run.pk).exists()


def state_at(run: Run) -> State:
    """The run's state. Without its file, values are built anew by the definitions and with what was known then."""
    if is_at_hand(run):
        return state_of(run)
    return _rebuilt(run.pk)


def scored_again(run: Run) -> Scored:
    """The run's date by its definitions, from the facts it read where those are still kept, else from those now."""
    assert run.version_number is not None
    project = project_of(version(run.version_number).files)
    try:
        return _scored(run, project, run.facts)
    except KeepwellError:  # those versions of the facts are not kept any more
        return _scored(run, project, {})


@lru_cache(maxsize=4)
def _rebuilt(run_id: int) -> State:
    run = Run.objects.get(pk=run_id)
    found = scored_again(run)
    return State(project_of(version(run.version_number or 0).files), found.values, found.scores)


def _scored(run: Run, project: Project, facts: Mapping[str, int]) -> Scored:
    known_at = run.known_at.astimezone(UTC) if run.known_at else None
    with opened(project, facts=facts) as data:
        return score(project, data, as_of=run.as_of, known_at=known_at)
