"""Erasure and merging: links of a person who is erased open nothing; what they were shown is of their company alone."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from keepwell.apps.customer_pages.models import PageCode, PageLink
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
    links.update(person=None, greeting="")  # which may name them
