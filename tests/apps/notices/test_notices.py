"""What people are told in the application."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.notices.keeping import forget_old
from keepwell.apps.notices.models import Notice
from keepwell.apps.notices.operations import mark_read, notify
from tests.apps.conftest import People


@pytest.fixture
def told(people: People) -> None:
    for number in (1, 2):
        notify(
            user=people.owner,
            text=f"Score {number} goes stale",
            kind="stale",
            key=f"stale-{number}",
            link="/customers/",
        )


@pytest.mark.usefixtures("told")
def test_the_bell_counts_what_is_unread(as_owner: Client, as_colleague: Client) -> None:
    assert "Notices, 2 unread" in as_owner.get("/notices/").content.decode()
    page = as_colleague.get("/notices/").content.decode()
    assert 'unread"' not in page
    assert "Nothing was told to you yet" in page


@pytest.mark.usefixtures("told")
def test_one_or_all_are_marked_read(as_owner: Client) -> None:
    first = Notice.objects.order_by("pk")[0]
    as_owner.post(f"/notices/{first.pk}/read/")
    assert "Notices, 1 unread" in as_owner.get("/notices/").content.decode()
    as_owner.post("/notices/read/")
    assert "0 unread" in as_owner.get("/notices/").content.decode()


@pytest.mark.usefixtures("told")
def test_nobody_reads_for_somebody_else(people: People) -> None:
    with pytest.raises(NotVisible):
        mark_read(user=people.colleague, notice_id=Notice.objects.all()[0].pk)
    assert Notice.objects.filter(read_at=None).count() == 2


@pytest.mark.usefixtures("told")
def test_the_same_is_told_once(people: People) -> None:
    notify(user=people.owner, text="Score 1 goes stale", kind="stale", key="stale-1")
    assert Notice.objects.count() == 2


@pytest.mark.slow
def test_many_notices_come_page_by_page(as_owner: Client, people: People) -> None:
    for number in range(60):
        notify(user=people.owner, text=f"n{number}", kind="x", key=str(number))
    page = as_owner.get("/notices/").content.decode()
    oldest = Notice.objects.order_by("-pk")[49].pk
    assert f"?before={oldest}" in page
    assert as_owner.get(f"/notices/?before={oldest}").content.decode().count('class="card notice"') == 10


def test_notices_go_after_as_many_days_as_are_set(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, days in (("old", 181), ("new", 179)):
        notify(user=people.owner, text=text, kind="owner", key=text)
        Notice.objects.filter(key=text).update(at=timezone.now() - timedelta(days=days))
    forget_old()
    assert list(Notice.objects.values_list("key", flat=True)) == ["new"]
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, keep_notices=None))
    forget_old(timezone.now() + timedelta(days=9_000))
    assert Notice.objects.exists()
