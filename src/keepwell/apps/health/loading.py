"""Runs that follow loads: one for all that came within a minute, and no more often than every ten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.operations import ask_for_run, today
from keepwell.apps.health.place import versions_of_facts
from keepwell.apps.health.scored import latest_run
from keepwell.definitions.resting import scored_datasets

AT_LEAST = timedelta(minutes=10)
"""Between the beginnings of two such runs, so that a sync every minute does not score all day."""

BY = "load of "


def score_what_was_loaded() -> Run | timedelta | None:
    """The run that was asked for; how long to wait before one may be; None where the newest run read it all."""
    names = loaded_since()
    if not names:
        return None
    if wait := _wait(timezone.now()):
        return wait
    with transaction.atomic():
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return ask_for_run(actor=System(f"{BY}{shown}"[:150]), as_of=_day())


def loaded_since() -> list[str]:
    """The datasets that scores rest on whose rows the newest run has not read; what flows in live counts by itself."""
    project = current_project()
    if project is None:
        return []
    rests = {name for name in scored_datasets(project) if project.datasets[name].table is None}
    newest = Run.objects.exclude(status=RunStatus.FAILED).exclude(facts={}).order_by("-asked_at").first()
    read = newest.facts if newest else {}
    return sorted(name for name, version in versions_of_facts(project).items()
                  if name in rests and read.get(name) != version)  # fmt: skip


def _wait(now: datetime) -> timedelta | None:
    last = Run.objects.filter(asked_by__startswith=BY).order_by("-asked_at").first()
    return last.asked_at + AT_LEAST - now if last and last.asked_at + AT_LEAST > now else None


def _day() -> date:
    """Today; where no nightly run is wanted, the day that pages show."""
    shown = latest_run()
    return shown.as_of if shown is not None and settings.ENVIRONMENT.nightly is None else today()
