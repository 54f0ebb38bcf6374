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


class Board(models.Model):
    """A dashboard of one's own: `text` is the YAML of one dashboard, as a file of definitions has it.

    `shared_with`: roles that may open it beside its owner. `offered_at`: since when those who configure see it, so that
    they can take it into the definitions.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="boards")
    title = models.CharField(max_length=200)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    shared_with = models.JSONField(default=list)
    offered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """In its address."""
        return f"board-{self.pk}"


class BoardRevision(models.Model):
    """What a board said at one of its revisions: what a later save is compared with, and what undoing goes back to."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["board", "number"], name="a_revision_of_a_board_once")]

    def __str__(self) -> str:
        return f"{self.board_id}, revision {self.number}"
