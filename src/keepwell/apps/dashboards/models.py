"""What people keep of dashboards beside their definitions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Favourite(models.Model):
    """A dashboard that somebody wants first; `key` as in its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourite_dashboards")
    key = models.CharField(max_length=120)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="a_favourite_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key}"
