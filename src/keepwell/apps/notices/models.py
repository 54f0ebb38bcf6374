"""Messages to people: mail that waits to be sent, and notices inside the application."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Mail(models.Model):
    """One message in the outbox; `failed_at` is set when it was tried too often."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, db_index=True)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"


class Notice(models.Model):
    """Something a person should know, with where to look."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="a_notice_once")]
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="notices_of_user")]

    def __str__(self) -> str:
        return self.text
