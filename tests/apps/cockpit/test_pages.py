"""Lists, board, calendar, register, plans, letters and views of the cockpit, for three people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.cockpit.letters import letter_of
from keepwell.apps.cockpit.models import CallBulkChange, CallToAction, CallView, Objective, SuccessPlan
from keepwell.apps.cockpit.operations.changing import set_mitigation
from keepwell.apps.cockpit.operations.talking import LARGEST_FILE, watch
from keepwell.apps.cockpit.valuing import renew_values
from keepwell.apps.customers.models import Account, PersonalData
from keepwell.apps.customers.models import Person as Contact
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.notices.models import Mail
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.cockpit.opened import PLAYBOOKS, opened, publish_playbooks
from tests.apps.conftest import People
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_begins_with_what_is_most_at_risk_and_says_why(
    company: Account, people: People, as_manager: Client
) -> None:
    opened(people.owner, "brix", title="Brix is larger")
    opened(people.stranger, "zeta", title="Zeta is red")
    opened(people.owner, "acme", title="Acme does well")
    Account.objects.filter(pk="brix").update(arr=1_000_000)
    renew_values()
    page = said(as_manager.get("/cockpit/"))
    assert page.index("Brix is larger") < page.index("Zeta is red")
    assert "1M ARR, of which a score of" in page
    assert "renews in 60 days, so it counts 1.3 times" in page
    Account.objects.filter(pk="acme").update(arr=100_000, renews_on=TODAY)
    Account.objects.filter(pk="brix").update(arr=100_000, renews_on=TODAY + timedelta(days=400))
    CurrentHealth.objects.filter(account__in=["acme", "brix"]).update(score=60)
    renew_values()
    page = said(as_manager.get("/cockpit/"))
    assert page.index("Acme does well") < page.index("Brix is larger"), "of two alike the nearer renewal comes first"
    ordered = said(as_manager.get("/cockpit/?sort=account"))
    assert ordered.index("Acme does well") < ordered.index("Brix is larger") < ordered.index("Zeta is red")


def test_filters_narrow_the_list_and_what_they_do_not_allow_is_told(
    company: Account, people: People, as_owner: Client
) -> None:
    late = timezone.now().date() - timedelta(days=3)
    opened(people.owner, title="Late one", due=late)
    opened(people.owner, title="An opportunity", type="opportunity", priority=4, reason_words="More seats")
    opened(people.colleague, "cato", title="Of Bea")
    for query, there, missing in (
        ("?due=overdue", "Late one", "An opportunity"),
        ("?type=opportunity", "An opportunity", "Late one"),
        ("?priority=urgent", "An opportunity", "Late one"),
        ("?owner=me", "Late one", "Of Bea"),
        (f"?owner={people.colleague.pk}", "Of Bea", "Late one"),
        ("?q=cato", "Of Bea", "Late one"),
    ):
        page = said(as_owner.get(f"/cockpit/{query}"))
        assert there in page, query
        assert missing not in page, query
    refused = as_owner.get("/cockpit/?due=someday")
    assert refused.status_code == 422
    assert "&#x27;someday&#x27; is no choice for due; there are: overdue, today" in said(refused)
    assert "No call fits" in said(as_owner.get("/cockpit/?flagged=yes"))


def test_many_calls_change_at_once_and_back(
    company: Account, people: People, as_manager: Client, as_owner: Client
) -> None:
    calls = [opened(people.owner, name) for name in ("acme", "brix")]
    sent = {"action": "owner", "owner": people.manager.pk, "call": [one.pk for one in calls]}
    assert as_owner.post("/cockpit/bulk/", sent).status_code == 403, "changing many is for managers"
    assert "2 calls changed" in said(as_manager.post("/cockpit/bulk/", sent, follow=True))
    assert set(CallToAction.objects.values_list("owner", flat=True)) == {people.manager.pk}
    as_manager.post(f"/cockpit/{calls[0].pk}/flag/", {"flagged": "yes"})
    answer = as_manager.post(f"/cockpit/bulk/{CallBulkChange.objects.get().pk}/undo/", follow=True)
    assert "1 call is as before" in said(answer), "one was changed since"
    owners = dict(CallToAction.objects.values_list("account", "owner"))
    assert owners == {"acme": people.manager.pk, "brix": people.owner.pk}

    as_manager.post("/cockpit/bulk/", {**sent, "action": "close", "close": "not_needed"})
    assert CallToAction.objects.filter(status="closed").count() == 2
    as_manager.post(f"/cockpit/bulk/{CallBulkChange.objects.latest('pk').pk}/undo/")
    assert CallToAction.objects.filter(status="open").count() == 2
    refused = as_manager.post("/cockpit/bulk/", {**sent, "owner": people.stranger.pk}, follow=True)
    assert "Nothing was changed: Cyd does not see Acme Inc" in said(refused)


def test_views_are_kept_and_shared(company: Account, people: People, as_owner: Client, as_colleague: Client) -> None:
    as_owner.post("/cockpit/views/", {"name": "My late ones", "query": "?owner=me&due=overdue"})
    as_owner.post("/cockpit/views/", {"name": "Red ones", "query": "?type=risk", "shared": "1"})
    theirs = said(as_colleague.get("/cockpit/"))
    assert "Red ones" in theirs
    assert "My late ones" not in theirs
    view = CallView.objects.get(name="Red ones")
    assert as_colleague.post(f"/cockpit/views/{view.pk}/delete/").status_code == 404
    as_owner.post(f"/cockpit/views/{view.pk}/delete/")
    assert CallView.objects.count() == 1


def test_the_calendar_has_calls_and_tasks_on_their_days(
    company: Account, people: People, as_owner: Client, as_stranger: Client
) -> None:
    as_owner.post("/me/calendar/", {"zone": "Europe/Berlin", "holidays": "DE-BY"})
    opened(people.owner, title="Before Epiphany", due=timezone.datetime(2027, 1, 5).date())  # type: ignore[attr-defined]
    month = said(as_owner.get("/cockpit/calendar/?on=2027-01-20"))
    assert "January 2027" in month
    assert "Before Epiphany" in month
    assert "Epiphany</p>" in month or "Heilige" in month
    assert "Before Epiphany" in said(as_owner.get("/cockpit/calendar/?by=week&on=2027-01-04"))
    assert "Before Epiphany" not in said(as_owner.get("/cockpit/calendar/?by=week&on=2027-01-12"))
    assert "Before Epiphany" not in said(as_stranger.get("/cockpit/calendar/?on=2027-01-20&whose=all"))
    refused = as_owner.post("/me/calendar/", {"zone": "Berlin", "holidays": "DE"})
    assert refused.status_code == 422
    assert "Europe/Berlin" in said(refused)


def test_the_register_gathers_risks_across_teams(
    company: Account, people: People, as_manager: Client, as_stranger: Client
) -> None:
    call = opened(people.owner)
    opened(people.owner, type="activity", title="No risk", reason_words="Quarterly")
    watch(actor=Person(people.owner), call_id=call.pk, user_id=people.manager.pk)
    set_mitigation(actor=Person(people.owner), call_id=call.pk, mitigation="Weekly with the CTO", review_on=None)
    page = said(as_manager.get("/cockpit/risks/"))
    assert '1 open risk with 1 customer of <span class="number">200k</span> ARR' in page
    assert "Weekly with the CTO" in page
    assert "Mo, North" in page
    assert "No risk" not in page
    assert "No open risk" in said(as_stranger.get("/cockpit/risks/"))


def test_nobody_watches_or_owns_what_they_do_not_see(company: Account, people: People, as_owner: Client) -> None:
    call = opened(people.owner)
    refused = as_owner.post(f"/cockpit/{call.pk}/watchers/", {"user_id": people.stranger.pk})
    assert refused.status_code == 422
    assert call.watchers.count() == 0
    assert as_owner.post(f"/cockpit/{call.pk}/assign/", {"owner_id": people.stranger.pk}).status_code == 422


def test_a_plan_leads_to_calls_and_is_reached(
    company: Account, people: People, as_owner: Client, as_stranger: Client
) -> None:
    as_owner.post("/customers/acme/plans/new/", {"title": "Roll out", "starts_on": "2026-01-01"})
    plan = SuccessPlan.objects.get()
    for title in ("400 users", "Single sign-on"):
        as_owner.post(f"/cockpit/plans/{plan.pk}/objectives/", {"title": title, "due_on": "2030-06-30"})
    first = Objective.objects.get(title="400 users")
    as_owner.post(f"/cockpit/objectives/{first.pk}/calls/", {"title": "Train the planners"})
    call = CallToAction.objects.get()
    assert (call.type, call.origin, call.objective) == ("objective", "plan", first)
    as_owner.post(f"/cockpit/objectives/{first.pk}/", {"status": "achieved"})
    page = said(as_owner.get(f"/cockpit/plans/{plan.pk}/"))
    assert "1 of 2 objectives reached" in page
    assert "Train the planners" in page
    assert "1 of 2" in said(as_owner.get("/customers/acme/panels/plan/"))
    assert TimelineEntry.objects.filter(title="Objective achieved: 400 users").exists()
    assert as_stranger.get(f"/cockpit/plans/{plan.pk}/").status_code == 404
    wrong = as_owner.post(f"/cockpit/plans/{plan.pk}/edit/", {"title": "Roll out", "starts_on": "2026-02-01",
                                                               "ends_on": "2026-01-01"})  # fmt: skip
    assert wrong.status_code == 422
    assert "before it begins" in said(wrong)


def test_a_letter_with_open_fields_is_not_sent(company: Account, people: People, as_owner: Client) -> None:
    publish_playbooks()
    call = opened(people.owner, playbook="save_plan")
    task = call.tasks.get(name="call_sponsor")
    address = f"/cockpit/tasks/{task.pk}/mail/"
    assert "Nobody to write to" in said(as_owner.get(address))
    pat = Contact.objects.create(account=company)
    PersonalData.objects.create(person=pat, email="pat@acme.example")
    assert "Nothing is known for <code>contact.name</code>" in said(as_owner.get(address))
    letter = {"contact": str(pat.pk), "subject": "Hello", "text": "Dear {contact.name}"}
    refused = as_owner.post(address, letter)
    assert refused.status_code == 422
    assert "Dear {contact.name}" in said(refused), "what was typed is kept"
    assert Mail.objects.count() == 0
    as_owner.post(address, {**letter, "text": "Dear Pat"})
    assert Mail.objects.get().to == "pat@acme.example"
    assert TimelineEntry.objects.get(type__name="email").text == "Dear Pat"


ASKING = "{label}, {score}, {measure.active_days}, {group.adoption}, {active_days}, {open_calls}, {arr}, {call.type}"


def test_a_letter_says_whatever_rules_know_of_the_account(company: Account, people: People, as_owner: Client) -> None:
    publish_playbooks(PLAYBOOKS.replace("Dear {contact.name}", ASKING))
    task = opened(people.owner, playbook="save_plan").tasks.get(name="call_sponsor")
    letter = letter_of(task, None, people.owner)
    health = company.health
    assert letter.missing == ()
    label, score, measure, group, days, calls, arr, kind, *_ = letter.text.split(", ")
    assert (label, calls, kind) == (health.label, "1", "Risk")
    assert float(score) == pytest.approx(health.score, abs=0.1)
    assert 0 <= float(measure) <= 100
    assert 0 <= float(group) <= 100
    assert int(days) >= 0
    assert arr == "200,000"


def test_files_are_handed_out_to_be_saved_alone(
    company: Account, people: People, as_owner: Client, as_stranger: Client
) -> None:
    call = opened(people.owner)
    page = SimpleUploadedFile("page.html", b"<script>alert(1)</script>", content_type="text/html")
    as_owner.post(f"/cockpit/{call.pk}/attachments/", {"file": page})
    found = call.attachments.get()
    answer = as_owner.get(f"/cockpit/attachments/{found.pk}/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert as_stranger.get(f"/cockpit/attachments/{found.pk}/").status_code == 404
    large = SimpleUploadedFile("large.bin", b"x" * (LARGEST_FILE + 1))
    assert as_owner.post(f"/cockpit/{call.pk}/attachments/", {"file": large}).status_code == 422
    assert as_owner.post(f"/cockpit/{call.pk}/attachments/", {"url": "javascript:alert(1)"}).status_code == 422


def test_the_day_begins_with_what_is_overdue(
    company: Account, people: People, as_owner: Client, as_stranger: Client
) -> None:
    today = timezone.now().date()
    opened(people.owner, "brix", title="Due today", due=today)
    opened(people.owner, "acme", title="Overdue", due=today - timedelta(days=2))
    opened(people.owner, "dune", title="Far away", due=today + timedelta(days=60))
    page = said(as_owner.get("/"))
    assert page.index("Overdue") < page.index("Due today")
    assert "was due 2 days ago" in page
    assert "Far away" not in page
    assert "Overdue" not in said(as_stranger.get("/"))
    assert "Overdue" in said(as_owner.get("/customers/acme/panels/calls/"))
