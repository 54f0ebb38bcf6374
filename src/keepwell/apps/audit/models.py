"""What was done: one row a change, never altered."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Change(models.Model):
    """`before` and `after` hold the fields that differ; `origin` is page, api, command line or job."""

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.CharField(max_length=150)
    origin = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=200)
    object_name = models.CharField(max_length=200)
    account_id = models.CharField(max_length=200, blank=True, default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id", "-at"], name="audit_object"),
            models.Index(fields=["account_id", "-at"], name="audit_account"),
            models.Index(fields=["-at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.object_name}"
