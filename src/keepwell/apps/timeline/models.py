"""What happened with a customer, as people and the program wrote it down."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from keepwell.apps.customers.models import Account


class EntryType(models.Model):
    """A kind of entry. `fields`: its own fields, each {name, title, kind: text|number|date|choice, choices}."""

    name = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=60)
    fields = models.JSONField(default=list)
    own = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class TimelineEntry(models.Model):
    """One thing that happened. Only its author edits it, and every edit keeps what stood before."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="timeline", db_constraint=False)
    relationship_id = models.CharField(max_length=200, null=True)
    type = models.ForeignKey(EntryType, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    attendees = models.JSONField(default=list)
    minutes = models.PositiveIntegerField(null=True)
    sentiment = models.CharField(max_length=10, blank=True)  # positive, neutral, negative
    links = models.JSONField(default=list)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    author_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.CharField(max_length=150)
    origin = models.CharField(max_length=20, default="page")
    is_draft = models.BooleanField(default=False)
    key = models.CharField(max_length=200, null=True, unique=True)  # of what the program wrote, so that it writes once
    search = SearchVectorField(null=True)  # kept by a trigger of the database

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-occurred_at"], name="timeline_of_account"),
            models.Index(fields=["-occurred_at"], name="timeline_by_time"),
            GinIndex(fields=["search"], name="timeline_search"),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """What an entry said before an edit."""

    entry = models.ForeignKey(TimelineEntry, on_delete=models.CASCADE, related_name="revisions")
    content = models.JSONField()
    replaced_at = models.DateTimeField(auto_now_add=True)
    replaced_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.entry_id} before {self.replaced_at}"
