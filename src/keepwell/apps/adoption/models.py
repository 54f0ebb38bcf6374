"""Feature maps on their way into the events that are there already."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class Backfill(models.Model):
    """One asked-for pass over the stored events: a day at a time, by the one who writes them, oldest first.

    `through`: the newest day that is done; whoever goes on starts after it. `version_number`: whose feature map it is.
    """

    version_number = models.IntegerField()
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(default=timezone.now)
    total = models.IntegerField(null=True)
    done = models.IntegerField(default=0)
    through = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    @property
    def percent(self) -> int:
        return 0 if not self.total else min(100, round(100 * self.done / self.total))
