"""Where events come in: keys that may write, what was accepted and waits for the lake, and what was refused."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


def new_key() -> str:
    """Write keys stand in pages and apps for all to read: they let one write and nothing else."""
    return f"wk_{secrets.token_urlsafe(18)}"


class WriteKey(models.Model):
    """`origins`: the pages that may send with it from a browser. `properties`: what is kept of events beyond their
    name; all others are dropped before they reach the lake."""

    name = models.CharField(max_length=100, unique=True)
    key = models.CharField(max_length=60, unique=True, default=new_key)
    origins = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    properties = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class InboxEntry(models.Model):
    """The messages of one request, as they were accepted: durable from the answer on, gone once they are in the lake.

    Written and taken by statements of its own, not by Django's. `batch` names the micro-batch that took it.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.ForeignKey(
        WriteKey, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    received_at = models.DateTimeField(db_default=Now())
    messages = models.IntegerField()
    body = models.BinaryField()
    batch = models.BigIntegerField(null=True)

    class Meta:
        db_table = "usage_inbox"


class Quarantined(models.Model):
    """A message that was refused, with why; it can be looked at, and sent through again once the reason is gone."""

    key = models.ForeignKey(WriteKey, on_delete=models.CASCADE, related_name="quarantined")
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    message_id = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=40)
    words = models.CharField(max_length=500)
    message = models.TextField()
    replayed_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
