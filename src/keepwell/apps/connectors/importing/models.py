"""Imports: one row a file, from its arrival to what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class ImportStatus(models.TextChoices):
    MATCHING = "matching", "Columns to be matched"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked"
    TAKING = "taking", "Being taken"
    WRITING = "writing", "Being written to the lake"
    DONE = "done", "Taken"
    FAILED = "failed", "Failed"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"


class Import(models.Model):
    """`target`: people, or the name of a dataset. `columns`: by column of the file what it is, see matching.Column.

    `counts`: rows, new, changed, unchanged, rejected, and what became of an undoing. `reasons`: why rows were rejected,
    the most frequent first. `mode`: all rows or none, or those that were accepted.
    """

    target = models.CharField(max_length=100)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    encoding = models.CharField(max_length=20, default="utf-8")
    delimiter = models.CharField(max_length=1, default=",")
    columns = models.JSONField(default=dict)
    clears = models.BooleanField(default=False)  # an empty cell empties what is there
    status = models.CharField(max_length=10, choices=ImportStatus.choices, default=ImportStatus.MATCHING)
    mode = models.CharField(max_length=10, blank=True)
    step = models.CharField(max_length=100, blank=True)
    counts = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    error = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    files_gone = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Import]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["target", "-id"], name="imports_of_target")]

    def __str__(self) -> str:
        return f"{self.file_name} into {self.target}"

    @property
    def is_working(self) -> bool:
        """Whether a worker has it, or should."""
        return self.status in (
            ImportStatus.CHECKING, ImportStatus.TAKING, ImportStatus.WRITING, ImportStatus.UNDOING,
        )  # fmt: skip
