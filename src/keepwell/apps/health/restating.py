"""Facts that arrived late change scores of the past: those dates are scored again, beside what was shown then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

from django.db.models import F
from django.db.models.functions import Coalesce

from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.health.keeping import keep
from keepwell.apps.health.models import AccountOverride, Entry, Pin, Run, RunPurpose, RunStatus
from keepwell.apps.health.overlap import one_at_a_time
from keepwell.apps.health.place import opened, versions_of_facts
from keepwell.apps.health.progress import begin, end, fail, step
from keepwell.apps.health.reading import moment_of
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.building.chunks import moments_at_once
from keepwell.engine.facts import LOAD_ID
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.moments import end_of_day
from keepwell.engine.run import Run as Scored
from keepwell.engine.score import score_values
from keepwell.errors import KeepwellError
from keepwell.lake.data import ProjectData


def plan_restatement(version: Version, before: date, known_at: datetime) -> list[Run]:
    """Runs of the dates before `before`, at most `restate` days back, that late facts have changed; made once each."""
    project = project_of(version.files)
    facts = versions_of_facts(project)
    with opened(project, facts=facts) as data:
        dates = late_dates(project, data, before)
    found = [
        Run.objects.get_or_create(
            as_of=day,
            known_at=known_at,
            purpose=RunPurpose.RESTATED,
            defaults={"asked_by": "late facts", "facts": facts},
        )[0]
        for day in dates
    ]
    return [run for run in found if run.status != RunStatus.DONE]


def late_dates(project: Project, data: ProjectData, before: date) -> list[date]:
    """The scored dates in reach that something counts for which their newest score has not seen, ascending."""
    since = before - timedelta(days=project.settings.restate)
    shown: dict[date, Run] = {}
    for run in Run.objects.filter(status=RunStatus.DONE, as_of__gte=since, as_of__lt=before).order_by("known_at", "pk"):
        shown[run.as_of] = run
    bind(project, data)
    reader = FactReader(project, data.table, data.dialect)

    @cache
    def first_late(name: str, load: int) -> date | None:
        """The earliest day of the rows that came with later loads."""
        source = reader.source(name)
        column = source.dataset.occurred_at or source.dataset.changed_at
        if column is None or LOAD_ID not in source.rows.columns:
            return None
        later = source.rows.filter(source.rows[LOAD_ID] > load)
        days = source.clock.day(later[column])
        first: date | None = data.run(later.aggregate(first=days.min()))["first"][0].as_py()
        return first

    def is_late(run: Run) -> bool:
        facts = (first_late(name, run.load_ids.get(name) or -1) for name in project.datasets)
        return any(day is not None and day <= run.as_of for day in facts) or _entered_late(project, run)

    return [day for day, run in sorted(shown.items()) if is_late(run)]


def restate(version: Version, runs: Sequence[Run]) -> None:
    """Scores dates of the past into the history, by the facts that were there when they were planned.

    What pages show as current stays.
    """
    project = project_of(version.files)
    versions = Versions(project)
    with one_at_a_time(), opened(project, facts=runs[0].facts if runs else None) as data:
        bind(project, data)
        waiting = [run for run in Run.objects.filter(pk__in=[run.pk for run in runs]) if run.status != RunStatus.DONE]
        at_once = moments_at_once(project, data)
        for start in range(0, len(waiting), at_once):
            some = waiting[start : start + at_once]
            try:
                _restate(project, versions, version, data, some)
            except KeepwellError as error:
                for run in some:
                    fail(run, str(error))


def _restate(project: Project, versions: Versions, version: Version, data: ProjectData, runs: Sequence[Run]) -> None:
    for run in runs:
        begin(run, version.number)
        step(run, "reading facts")
    all_values = build_values(project, data, [moment_of(run, project) for run in runs])
    for run, values in zip(runs, all_values, strict=True):
        step(run, "scoring")
        scored = Scored(values, score_values(project, values, versions))
        keep(run, scored, versions, with_file=False)
        run.reading = {"how": "in full: a date of the past, with what arrived since"}
        end(run, scored)


def _entered_late(project: Project, run: Run) -> bool:
    known, last = run.known_at, end_of_day(run.as_of, project.settings.time_zone).replace(tzinfo=UTC)
    if Entry.objects.filter(recorded_at__gt=known, occurred_at__lte=last).exists():
        return True
    starts = Coalesce("starts_at", F("recorded_at"))
    return any(
        model._default_manager.alias(starts=starts).filter(recorded_at__gt=known, starts__lte=last).exists()
        for model in (AccountOverride, Pin)
    )
