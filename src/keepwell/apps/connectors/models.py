"""Connections to other systems, what is fetched from them and written back, and what came of it each time."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

_USER = settings.AUTH_USER_MODEL  # models here have a field `settings`


class Connection(models.Model):
    """`settings`: what may be shown. `secrets`: what may not, encrypted; never shown again, only replaced."""

    name = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    settings = models.JSONField(default=dict)
    secrets = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    checked_at = models.DateTimeField(null=True)
    check_failed = models.BooleanField(default=False)
    check_says = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Scheduled(models.Model):
    """Something that is done now and then. `next_at`: when it is due, null for never by itself."""

    every_minutes = models.PositiveIntegerField(null=True)
    daily_at = models.TimeField(null=True)  # UTC
    next_at = models.DateTimeField(null=True, db_index=True)
    is_paused = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Sync(Scheduled):
    """A stream of a connection into a dataset. `document`: see keepwell.connect.document.

    `cursor`: how far the stream was read. `columns`: what its columns were the last time. `allow_gone`: columns that
    may be gone, because somebody said so.
    """

    name = models.SlugField(max_length=60, unique=True)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="syncs")
    dataset = models.CharField(max_length=100, unique=True)
    document = models.JSONField()
    fresh_within_minutes = models.PositiveIntegerField(null=True)
    cursor = models.JSONField(null=True)
    columns = models.JSONField(default=dict)
    allow_gone = models.JSONField(default=list)
    loaded_at = models.DateTimeField(null=True)
    author = models.ForeignKey(_USER, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    HELD = "held", "Held"  # nothing was loaded: somebody must decide first
    FAILED = "failed", "Failed"


class Attempted(models.Model):
    """Something that was carried out once, perhaps in several attempts."""

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True


class SyncRun(Attempted):
    """`whole`: everything is read, whatever was read before. `drift`: how the stream's columns changed."""

    sync = models.ForeignKey(Sync, on_delete=models.CASCADE, related_name="runs")
    whole = models.BooleanField(default=False)
    allow_empty = models.BooleanField(default=False)
    rows_read = models.PositiveBigIntegerField(default=0)
    rows_added = models.PositiveBigIntegerField(default=0)
    rows_changed = models.PositiveBigIntegerField(default=0)
    rows_unchanged = models.PositiveBigIntegerField(default=0)
    rows_deleted = models.PositiveBigIntegerField(default=0)
    rows_refused = models.PositiveBigIntegerField(default=0)
    drift = models.JSONField(default=list)
    version = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sync", "-id"], name="runs_of_sync")]

    def __str__(self) -> str:
        return f"{self.sync_id}, run {self.pk}"

    @property
    def changed_rows(self) -> int:
        """How many rows of the dataset are not what they were."""
        return self.rows_added + self.rows_changed + self.rows_deleted


class Export(Scheduled):
    """Scores written to another place. `target`: files, table, webhook or field; `settings`: of that target.

    `columns`: what is written of each account. `only_changes`: accounts whose row is as it was sent are left out.
    """

    name = models.SlugField(max_length=60, unique=True)
    target = models.CharField(max_length=10)
    connection = models.ForeignKey(Connection, null=True, on_delete=models.PROTECT, related_name="exports")
    settings = models.JSONField(default=dict)
    secrets = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    only_changes = models.BooleanField(default=True)
    author = models.ForeignKey(_USER, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Sending(Attempted):
    """One time that an export was carried out. `refused`: rows that the other side did not take, with its reason."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="sendings")
    everything = models.BooleanField(default=False)
    rows_sent = models.PositiveBigIntegerField(default=0)
    rows_unchanged = models.PositiveBigIntegerField(default=0)
    rows_refused = models.PositiveBigIntegerField(default=0)
    refused = models.JSONField(default=list)
    place = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["export", "-id"], name="sendings_of_export")]

    def __str__(self) -> str:
        return f"{self.export_id}, sending {self.pk}"


class SentRow(models.Model):
    """What an account's row was when it was last taken: only its digest."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="sent")
    account_id = models.CharField(max_length=200)
    digest = models.CharField(max_length=32)
    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["export", "account_id"], name="sent_once_an_account")]

    def __str__(self) -> str:
        return f"{self.account_id} by {self.export_id}"
