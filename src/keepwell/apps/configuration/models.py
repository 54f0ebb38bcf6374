"""What was decided: published versions of the definitions, and drafts of the next one."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Version(models.Model):
    """A publication, never changed. `files`: YAML by path; `hashes`: of every definition, by kind and name."""

    number = models.PositiveIntegerField(unique=True)
    files = models.JSONField()
    hashes = models.JSONField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=150)
    note = models.TextField()
    origin = models.CharField(max_length=20, default="page")
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"


class Draft(models.Model):
    """Changes that are not published yet, begun from `base`. `revision` grows with every save."""

    name = models.CharField(max_length=100, unique=True)
    base = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="drafts")
    files = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="drafts")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/configure/drafts/{self.pk}/"


class DraftRevision(models.Model):
    """What a draft held at one of its revisions: what a later save is compared with, and what undoing goes back to."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    files = models.JSONField()
    saved_by = models.CharField(max_length=150)
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "number"], name="a_revision_once")]

    def __str__(self) -> str:
        return f"{self.draft_id}, revision {self.number}"
