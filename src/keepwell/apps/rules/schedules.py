"""Schedules of rules: each is due once, whoever looks and however long nobody did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.rules.deciding.news import on_schedule
from keepwell.apps.rules.models import DueSchedule
from keepwell.definitions.project import Project
from keepwell.definitions.triggers import Scheduled
from keepwell.engine.rules.schedule import next_due


def act_on_schedules(now: datetime) -> int:
    """Rules of every schedule that became due; what was due several times while nobody looked is done once."""
    project = current_project()
    if project is None:
        return 0
    return sum(_act(text, project.settings.time_zone, now) for text in _schedules(project))


def _schedules(project: Project) -> list[str]:
    return sorted(set(_written(project)))


def _written(project: Project) -> Iterator[str]:
    for rule in project.rules.values():
        if rule.enabled:
            yield from (one.schedule for one in rule.on if isinstance(one, Scheduled))


@transaction.atomic
def _act(text: str, zone: str, now: datetime) -> bool:
    """Whether it was due. A schedule that is new waits for its next time."""
    due = taken_due(text, text, zone, now)
    if due is None:
        return False
    on_schedule(text, due)
    return True


def taken_due(key: str, schedule: str, zone: str, now: datetime) -> datetime | None:
    """When a schedule was due last, once for whoever has the key; None where it was not since. Must run inside the
    transaction of what follows; a key that is new waits for its next time."""
    found, is_new = DueSchedule.objects.select_for_update().get_or_create(schedule=key, defaults={"until": now})
    if is_new or (due := _last_due(schedule, found.until, now, zone)) is None:
        return None
    found.until = due
    found.save(update_fields=["until"])
    return due


def _last_due(text: str, since: datetime, now: datetime, zone: str) -> datetime | None:
    """The newest time after `since` and not after `now`; of a long silence the last month is looked through."""
    at, last = max(since, now - timedelta(days=32)), None
    while (due := next_due(text, at, zone)) <= now:
        at = last = due
    return last
