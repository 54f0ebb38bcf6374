"""What previews of drafts need to be built first: values of metrics as they would be, and backtests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Status(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Built(models.Model):
    """One thing that a worker made for drafts. `key` names all it rests on, so that equal drafts share it.

    `kind` values: a file of values of the run's date, by `key`; past: a folder of values of past dates; backtest:
    `result` holds the figures.
    """

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    files = models.JSONField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="built_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.status}"
