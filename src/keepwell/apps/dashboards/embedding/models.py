"""Links by which a dashboard stands in another page."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Embed(models.Model):
    """`key`: of the dashboard. `query`: what is asked of it. `origins`: the pages that may show it. The link is made
    from `secret` whenever its owner looks; looked for is its hash."""

    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    query = models.CharField(max_length=2000, blank=True)
    secret = models.UUIDField(default=uuid4, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="embeds")
    origins = ArrayField(models.CharField(max_length=200))
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=150, blank=True)
    seen = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title} by {self.owner_id}"

    def is_over(self, now: datetime) -> bool:
        return self.revoked_at is not None or self.expires_at <= now
