"""Files of other tools' results: one row a file, from its arrival to what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SurveyImportStatus(models.TextChoices):
    CHECKED = "checked", "Seen, not taken"
    DONE = "done", "Taken"
    UNDONE = "undone", "Undone"


class SurveyImport(models.Model):
    """`columns`: by column of the file what it is, empty for what is left out. `counts`: rows, new, there (already),
    rejected. `reasons`: why rows were rejected, with how many, the most frequent first."""

    survey = models.CharField(max_length=100)
    version = models.CharField(max_length=40)  # by which its rows were read
    file_name = models.CharField(max_length=200)
    columns = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=SurveyImportStatus.choices, default=SurveyImportStatus.CHECKED)
    user_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[SurveyImport]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["survey", "-id"], name="imports_of_survey")]

    def __str__(self) -> str:
        return f"{self.file_name} into {self.survey}"

    @property
    def source(self) -> str:
        """What its responses say they came from."""
        return f"import {self.pk}: {self.file_name}"[:100]
