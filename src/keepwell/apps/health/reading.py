"""Values of a run's date: from what the run before left and the facts that came since, or from all facts."""

from __future__ import annotations

from datetime import UTC

from keepwell.apps.health.ledgers import datasets_of_ledgers
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.place import states_path
from keepwell.definitions.project import Project
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.moments import Moment, moment
from keepwell.engine.refresh.refresh import Refreshed, refresh_values
from keepwell.engine.values import Values
from keepwell.lake.data import ProjectData
from keepwell.lake.states import read_state, write_state


def read_facts(run: Run, project: Project, data: ProjectData) -> Values:
    """The same values either way; a date before the newest one is read in full and leaves the state alone."""
    bind(project, data)
    at = moment_of(run, project)
    if Run.objects.filter(status=RunStatus.DONE, as_of__gt=run.as_of).exists():
        run.reading = {"how": "in full: a later date has been scored already"}
        return build_values(project, data, [at])[0]
    refreshed = refresh_values(
        project, data, at, read_state(states_path(), project), changing=datasets_of_ledgers(project)
    )
    run.reading = _told(refreshed)
    states_path().mkdir(parents=True, exist_ok=True)
    write_state(states_path(), refreshed.state)
    return refreshed.values


def moment_of(run: Run, project: Project) -> Moment:
    """What the run looks at; one without `known_at` knows what there was at the end of its date."""
    known_at = run.known_at.astimezone(UTC) if run.known_at else None
    return moment(run.as_of, project.settings.time_zone, known_at)


def _told(refreshed: Refreshed) -> dict[str, object]:
    return {
        "how": "what is new since the last run",
        "in_full": dict(refreshed.in_full),
        "rebuilt": {f"{key.dataset} of {key.entity_kind}s": why for key, why in refreshed.rebuilt.items()},
        "touched": {f"{dataset} of {kind}s": len(ids) for (dataset, kind), ids in refreshed.touched.items()},
    }
