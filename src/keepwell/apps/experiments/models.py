"""Questions asked of the past, which a worker answers: each with what it was asked of, how far it is and its answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from keepwell.apps.configuration.models import Draft


class Status(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (Status.WAITING, Status.RUNNING)
ENDED = (Status.DONE, Status.CANCELLED)
"""Nothing is done about these any more; one that failed is tried again."""


class Experiment(models.Model):
    """`key` names all that was asked, so that two people who ask the same while it runs share one run.

    `of` and `versus` (empty: nothing) describe definitions as `subjects.Subject.described`; `files` and `versus_files`
    are what they held when it was asked, so that a draft may change meanwhile. `kind`: see `kinds.registry`; each says
    what its `parameters` are. `draft`: the one that was made of a proposal.
    """

    kind = models.CharField(max_length=30, default="backtest")
    key = models.CharField(max_length=64)
    of = models.JSONField()
    files = models.JSONField()
    versus = models.JSONField(default=dict)
    versus_files = models.JSONField(default=dict)
    parameters = models.JSONField()
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    cancelled_by = models.CharField(max_length=150, blank=True)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(status__in=["waiting", "running"]), name="experiment_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.of.get('name', '')}"

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED
