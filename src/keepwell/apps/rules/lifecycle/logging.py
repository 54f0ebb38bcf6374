"""Entries on the timeline for accounts that come to a stage and for milestones, each written once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time

from keepwell.apps.customers.models import StageChange
from keepwell.apps.rules.lifecycle.staying import title_of_stage
from keepwell.apps.rules.models import Milestone
from keepwell.apps.timeline.logging import AUTHOR, built_in
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.timeline.types import MILESTONE, STAGE
from keepwell.definitions.project import Project

_LONGEST = 300


def log_stages(changes: Iterable[StageChange], project: Project | None) -> None:
    """One entry a change; an account that has no stage any more has come to none."""
    stages = project.stages if project else {}
    came = [one for one in changes if one.stage]
    _write(STAGE, [_came(one, title_of_stage(one.stage, stages.get(one.stage))) for one in came])


def _came(change: StageChange, title: str) -> TimelineEntry:
    return TimelineEntry(
        account_id=change.account_id, title=f"Came to the stage {title}"[:_LONGEST], text=change.reason,
        fields={"stage": change.stage}, occurred_at=change.occurred_at, author=change.author, origin="job",
        key=f"stage:{change.pk}",
    )  # fmt: skip


def log_milestones(project: Project, accounts: Collection[str], as_of: date) -> None:
    """What these accounts reached on the day, and what is overdue since."""
    here = Milestone.objects.filter(account_id__in=accounts, left_on=None)
    reached = [_reached(project, one) for one in here.filter(reached_on=as_of)]
    late = [_late(project, one, as_of) for one in here.filter(reached_on=None, due_on__lt=as_of)]
    _write(MILESTONE, [*reached, *late])


def _reached(project: Project, one: Milestone) -> TimelineEntry:
    assert one.reached_on is not None
    late = (one.reached_on - one.due_on).days
    beside = f", {_days(late)} late" if late > 0 else ""
    entry = _entry(one, f"Reached: {_title(project, one)}{beside}", one.reached_on, "reached")
    entry.fields, entry.sentiment = {"reached_on": str(one.reached_on)}, "positive"
    return entry


def _late(project: Project, one: Milestone, as_of: date) -> TimelineEntry:
    entry = _entry(one, f"Overdue: {_title(project, one)}", as_of, "overdue")
    entry.text, entry.sentiment = f"It was due on {one.due_on}.", "negative"
    return entry


def _entry(one: Milestone, title: str, day: date, what: str) -> TimelineEntry:
    return TimelineEntry(
        account_id=one.account_id, title=title[:_LONGEST], occurred_at=datetime.combine(day, time(12), UTC),
        author=AUTHOR, origin="job", key=f"milestone:{one.pk}:{what}",
    )  # fmt: skip


def _title(project: Project, one: Milestone) -> str:
    stage = project.stages.get(one.stage)
    said = stage.milestones.get(one.name) if stage else None
    return (said.title if said else None) or one.name.replace("_", " ").capitalize()


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _write(kind: str, entries: list[TimelineEntry]) -> None:
    known = set(TimelineEntry.objects.filter(key__in=[one.key for one in entries]).values_list("key", flat=True))
    new = [one for one in entries if one.key not in known]
    if new:
        of = built_in(kind)
        for one in new:
            one.type = of
        TimelineEntry.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
