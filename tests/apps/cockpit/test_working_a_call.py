"""A call from its opening to its outcome, on pages, by three people."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from keepwell.apps.audit.models import Change
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.customers.models import Account
from keepwell.apps.notices.models import Notice
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.cockpit.opened import opened, publish_playbooks
from tests.apps.conftest import People

pytestmark = pytest.mark.slow
WANTED = {"type": "risk", "title": "Win back the sponsor", "reason_words": "Champion left", "priority": 3,
          "due_on": "2030-03-01"}  # fmt: skip


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_owner_opens_works_and_closes_a_call(company: Account, people: People, as_owner: Client) -> None:
    publish_playbooks()
    answer = as_owner.post("/customers/acme/calls/new/", {**WANTED, "playbook": "save_plan"})
    call = CallToAction.objects.get()
    assert answer["Location"] == f"/cockpit/{call.pk}/"
    assert call.owner == people.owner

    listed = said(as_owner.get("/cockpit/"))
    assert "Win back the sponsor" in listed
    assert "ARR, of which a score of" in listed
    page = said(as_owner.get(f"/cockpit/{call.pk}/"))
    assert "Next: Call the sponsor" in page
    assert "Champion left" in page

    first, second, third = Task.objects.order_by("place")
    assert (first.owner, second.owner) == (people.owner, people.manager)
    refused = as_owner.post(f"/cockpit/{call.pk}/close/", {"outcome": "succeeded", "note": "They stay"})
    assert refused.status_code == 422
    assert "Call the sponsor, The manager joins" in said(refused)
    assert "They stay" in said(refused), "what was typed is kept"

    as_owner.post(f"/cockpit/tasks/{second.pk}/do/")
    second.refresh_from_db()
    assert second.status == "open", "it needs the first"
    as_owner.post(f"/cockpit/tasks/{first.pk}/do/")
    as_owner.post(f"/cockpit/tasks/{second.pk}/skip/", {"reason": "Mo was ill"})
    as_owner.post(f"/cockpit/{call.pk}/close/", {"outcome": "succeeded", "note": "They stay"})
    call.refresh_from_db()
    third.refresh_from_db()
    assert (call.status, call.outcome, third.status) == ("closed", "succeeded", "skipped")
    moments = dict(call.measurements.values_list("moment", "recorded_at"))
    assert set(moments) == {"opened", "closed", "30", "60", "90"}
    assert moments["closed"] is not None
    assert moments["30"] is None

    titles = set(
        TimelineEntry.objects.filter(account=company, type__name="call_to_action").values_list("title", flat=True)
    )
    assert {"Risk opened: Win back the sponsor", "Done: Call the sponsor"} <= titles
    assert "Risk closed, succeeded: Win back the sponsor" in titles
    actions = set(Change.objects.filter(object_kind="call to action").values_list("action", flat=True))
    assert {"opened", "applied playbook", "closed"} <= actions


def test_the_colleague_takes_part_and_the_stranger_sees_nothing(
    company: Account, people: People, as_colleague: Client, as_stranger: Client
) -> None:
    call = opened(people.owner)
    as_colleague.post(f"/cockpit/{call.pk}/comments/", {"text": "I know them, @Ada"})
    assert call.comments.get().author == "Bea"
    assert Notice.objects.filter(user=people.owner, text__contains="Bea mentioned you").exists()
    assert as_stranger.get(f"/cockpit/{call.pk}/").status_code == 404
    assert as_stranger.post(f"/cockpit/{call.pk}/close/", {"outcome": "failed"}).status_code == 404
    assert "Win back" not in said(as_stranger.get("/cockpit/"))
    call.refresh_from_db()
    assert call.is_open


def test_the_same_reason_again_updates_the_open_call(company: Account, people: People, as_owner: Client) -> None:
    call = opened(people.owner)
    as_owner.post("/customers/acme/calls/new/", {**WANTED, "title": "Win them back now"})
    call.refresh_from_db()
    assert CallToAction.objects.count() == 1
    assert (call.title, call.priority, call.times_opened) == ("Win them back now", 3, 2)
    as_owner.post(f"/cockpit/{call.pk}/close/", {"outcome": "failed"})
    as_owner.post("/customers/acme/calls/new/", WANTED)
    assert CallToAction.objects.count() == 2, "what is closed is over"
    answer = as_owner.post(f"/cockpit/{call.pk}/reopen/", follow=True)
    assert "the same is open already" in said(answer)
