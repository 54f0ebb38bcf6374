"""Replays of rules that somebody asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ReplayStatus(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class RuleReplay(models.Model):
    """One rule over the history of a year. `key` names the rule by its content and the newest run, so that equal drafts
    share it; `files` are the definitions that hold it."""

    key = models.CharField(max_length=80, unique=True)
    rule = models.CharField(max_length=100)
    files = models.JSONField()
    status = models.CharField(max_length=10, choices=ReplayStatus.choices, default=ReplayStatus.WAITING)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        app_label = "rules"
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="rule_replays_by_time")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.status}"
