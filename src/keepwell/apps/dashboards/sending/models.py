"""Schedules by which dashboards are mailed, and what became of each letter."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from keepwell.apps.dashboards.sending.moments import Rhythm


class Schedule(models.Model):
    """`key`: of the dashboard. `query`: what is asked of it, as in its address. `next_at`: when it is due; null once it
    has ended, and `ended_why` says how."""

    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    query = models.CharField(max_length=2000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dashboard_schedules")
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="dashboards_by_mail")
    every = models.CharField(max_length=5)  # day, week, month
    weekday = models.PositiveSmallIntegerField(default=0)
    day = models.PositiveSmallIntegerField(default=1)
    at = models.TimeField()
    zone = models.CharField(max_length=60)
    with_csv = models.BooleanField(default=False)
    with_pdf = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(ended_at=None), name="dashboards_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.title} every {self.every}"

    @property
    def rhythm(self) -> Rhythm:
        every = self.every
        assert every in ("day", "week", "month")
        return Rhythm(every, self.at, ZoneInfo(self.zone), self.weekday, self.day)  # type: ignore[arg-type]


class MailState(models.TextChoices):
    WAITING = "waiting", "Waits"
    SENT = "sent", "Sent"
    NOTHING = "nothing", "Not sent"  # there is nothing that they may see
    FAILED = "failed", "Failed"


class MailedDashboard(models.Model):
    """A dashboard for one recipient at one moment, once. `why`: what became of it, where it was not sent."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="letters")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    moment = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    why = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "user", "moment"], name="a_dashboard_mailed_once")
        ]
        indexes: ClassVar = [models.Index(fields=["schedule", "-moment"], name="mailed_of_schedule")]

    def __str__(self) -> str:
        return f"{self.schedule_id} for {self.user_id} at {self.moment}"
