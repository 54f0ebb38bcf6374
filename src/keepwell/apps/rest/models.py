"""What the API remembers of its callers: answers to repeated calls, and how many calls were made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a call with an Idempotency-Key, kept in the transaction of what the call did."""

    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=bytes)
    content_type = models.CharField(max_length=100, default="")
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["caller", "key"], name="an_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.caller}: {self.key}"


class Window(models.Model):
    """How many calls somebody made in the minute that began at `started` (seconds since 1970)."""

    caller = models.CharField(max_length=40, primary_key=True)
    started = models.BigIntegerField()
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller}: {self.used}"
