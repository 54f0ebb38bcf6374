"""What a page showed is kept: to whom, when, and every figure of it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from keepwell.apps.customer_pages.gathering import Gathered
from keepwell.apps.customer_pages.models import PageCode, PageLink, PageView
from keepwell.apps.customer_pages.telling import tell_opened


@transaction.atomic
def note_view(link: PageLink, visit: PageCode, gathered: Gathered, language: str) -> None:
    """A new row for what was not shown before in this visit; the same again counts on."""
    now, shown = timezone.now(), gathered.kept()
    held = PageLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    last = held.views.filter(code=visit).order_by("-pk").first()
    if last is not None and last.shown == shown and last.language == language:
        PageView.objects.filter(pk=last.pk).update(last_at=now, times=F("times") + 1)
        return
    is_first = not held.views.exists()
    PageView.objects.create(link=link, code=visit, at=now, last_at=now, language=language, shown=shown)
    if is_first:
        tell_opened(link, now)
