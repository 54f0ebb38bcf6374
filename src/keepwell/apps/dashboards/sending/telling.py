"""What is told of dashboards by mail."""

from __future__ import annotations

from keepwell.apps.dashboards.sending.models import MailedDashboard, Schedule
from keepwell.apps.notices.operations import Alert, tell

KIND = "dashboard"


def tell_not_sent(letter: MailedDashboard, why: str) -> None:
    """Whoever set the schedule up hears once a moment and recipient that somebody got nothing."""
    schedule = letter.schedule
    if schedule.owner.is_active:
        title = f"{schedule.title}: {letter.user} got nothing by mail"
        said = Alert(key=f"dashboard:{letter.pk}", kind=KIND, title=title, text=why, link=f"/schedules/{schedule.pk}/")
        tell([(said, schedule.owner)])


def tell_ended(schedule: Schedule) -> None:
    """Those who got it so far hear why it comes no more."""
    title = f"{schedule.title} is no longer mailed: {schedule.ended_why}"
    said = Alert(
        key=f"dashboard schedule:{schedule.pk}:ended", kind=KIND, title=title, link=f"/dashboards/{schedule.key}/",
        text="Anybody who may open the dashboard can have it mailed anew.",
    )  # fmt: skip
    tell([(said, one) for one in schedule.recipients.filter(is_active=True)])
