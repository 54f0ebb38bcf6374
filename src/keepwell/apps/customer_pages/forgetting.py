"""Erasure and merging: links of a person who is erased open nothing; what they were shown is of their company alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils import timezone

from keepwell.apps.customer_pages.models import PageCode, PageLink, PageView
from keepwell.apps.customer_pages.widgets import steps
from keepwell.apps.customers.following import register_follower, rows_of
from keepwell.apps.customers.forgetting import register_forgetter

BY = "erasure of the person"


def register() -> None:
    """Called when the application starts."""
    register_forgetter("customer pages", forget)
    register_follower(rows_of("links to pages", PageLink))


def forget(key: UUID, addresses: Collection[str]) -> None:
    """That a page was opened stays, without anybody who did it."""
    links = PageLink.objects.filter(person=key)
    PageCode.objects.filter(link__in=links).delete()
    links.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_by=BY)
    for view in PageView.objects.filter(link__in=links):
        view.shown = [_without_own_words(block) for block in view.shown]
        view.save(update_fields=["shown"])
    links.update(person=None, greeting="", steps=[])  # which may name them


def _without_own_words(block: dict[str, Any]) -> dict[str, Any]:
    """Without the steps that the CSM wrote; those of the plan have a date, which is their label."""
    if block["name"] != steps.WIDGET.name:
        return block
    return {**block, "points": [one for one in block.get("points", []) if one["label"]]}
