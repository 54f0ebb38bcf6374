"""Every page of advocacy for three people, and what is typed into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person, System
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.advocacy.models import Activity, Advocate, Request
from keepwell.apps.advocacy.operations.activities import Said, log
from keepwell.apps.advocacy.operations.advocates import Profile, make_advocate
from keepwell.apps.advocacy.operations.requests import Wanted, ask
from keepwell.apps.configuration.queries import current_project
from tests.apps.advocacy.conftest import Contacts
from tests.apps.conftest import People

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC).date()
LISTS = (
    "", "advocates/", "candidates/", "find/", "requests/", "activities/", "pipeline/", "trend/", "new/",
    "requests/new/", "new/?for=advocate", "find/?q=arr 200k&everyone=yes", "requests/?mine=yes",
    "activities/?kind=review&q=x", "advocates/?status=&q=dana", "trend/?after=90", "trend/?after=never",
)  # fmt: skip


@pytest.fixture
def life(people: People, contacts: Contacts) -> dict[str, Any]:
    """Dana of Acme speaks for us, and was asked for more."""
    actor = Person(people.owner)
    said = Said(TODAY, "Call <b>Brix</b> 🙂", "مرحبا", deal="Brix roll-out", amount=50_000)
    return {
        "advocate": make_advocate(actor=actor, account_id="acme", person=contacts.dana.pk, profile=Profile(note="<i>")),
        "activity": log(actor=actor, kind="reference_call", account_id="acme", person=contacts.dana.pk, said=said),
        "request": ask(actor=actor, wanted=Wanted("webinar", "Cato"), account_id="acme", person=contacts.eli.pk),
        "open": ask(actor=actor, wanted=Wanted("review", wanted="somebody cheerful")),
    }


def test_lists_are_for_everybody_and_show_what_each_sees(
    as_owner: Client, as_colleague: Client, as_stranger: Client, life: dict[str, Any]
) -> None:
    for path in LISTS:
        for client in (as_owner, as_colleague, as_stranger):
            assert client.get(f"/advocacy/{path}").status_code == 200, path
    for path in ("", "advocates/", "activities/", "pipeline/"):
        assert "Dana" in (seen := as_colleague.get(f"/advocacy/{path}").content.decode()) or "Brix" in seen
        hidden = as_stranger.get(f"/advocacy/{path}").content.decode()
        assert "Dana" not in hidden
        assert "Brix" not in hidden
    assert "somebody cheerful" in as_stranger.get("/advocacy/requests/").content.decode()


def test_pages_of_one_are_not_there_for_a_stranger(
    as_owner: Client, as_colleague: Client, as_stranger: Client, life: dict[str, Any]
) -> None:
    pages = [
        f"/advocacy/advocates/{life['advocate'].pk}/",
        f"/advocacy/advocates/{life['advocate'].pk}/edit/",
        f"/advocacy/activities/{life['activity'].pk}/",
        f"/advocacy/activities/{life['activity'].pk}/correct/",
        f"/advocacy/requests/{life['request'].pk}/",
        f"/advocacy/requests/{life['request'].pk}/done/",
        "/customers/acme/advocacy/new/?kind=review",
        "/customers/acme/advocates/new/",
        f"/advocacy/requests/new/?account=acme&person={life['advocate'].person_id}",
        "/customers/acme/panels/advocacy/",
    ]
    for page in pages:
        assert as_owner.get(page).status_code == as_colleague.get(page).status_code == 200, page
        assert as_stranger.get(page).status_code == 404, page
    shown = as_owner.get(pages[2]).content.decode()
    assert "Call &lt;b&gt;Brix&lt;/b&gt; 🙂" in shown
    assert "<b>Brix" not in shown
    assert as_owner.get("/advocacy/requests/new/?account=acme&person=nobody").status_code == 404


def test_an_advocate_is_made_changed_and_removed_by_hand(as_owner: Client, contacts: Contacts) -> None:
    typed = {"person": contacts.dana.pk, "status": "active", "topics": "SSO, roll-out", "willing": ["review"]}
    made = as_owner.post("/customers/acme/advocates/new/", typed)
    advocate = Advocate.objects.get()
    assert (made.status_code, advocate.topics, advocate.willing) == (302, ["SSO", "roll-out"], ["review"])
    again = as_owner.post("/customers/acme/advocates/new/", typed)
    assert again.status_code == 422
    assert "Dana is an advocate already" in again.content.decode()
    wrong = as_owner.post(f"/advocacy/advocates/{advocate.pk}/edit/", {**typed, "since": "2999-01-01"})
    assert (wrong.status_code, "has not come yet" in wrong.content.decode()) == (422, True)
    assert 'value="SSO, roll-out"' in wrong.content.decode()
    as_owner.post(f"/advocacy/advocates/{advocate.pk}/status/", {"status": "resting"})
    assert Advocate.objects.get().status == "resting"
    as_owner.post(f"/advocacy/advocates/{advocate.pk}/remove/")
    assert not Advocate.objects.exists()


def test_an_activity_is_logged_corrected_decided_and_taken_back_by_hand(as_owner: Client, contacts: Contacts) -> None:
    page = "/customers/acme/advocacy/new/?kind=referral"
    typed = {
        "person": contacts.dana.pk,
        "happened_on": str(TODAY),
        "title": "Met Cato",
        "deal": "Cato",
        "amount": "9000",
    }
    wrong = as_owner.post(page, {**typed, "amount": "much"})
    assert (wrong.status_code, "Met Cato" in wrong.content.decode()) == (422, True)
    assert as_owner.post(page, typed).status_code == 302
    made = Activity.objects.get()
    assert (made.kind, made.person, made.amount) == ("referral", contacts.dana, 9000)
    fix = f"/advocacy/activities/{made.pk}/correct/"
    assert as_owner.post(fix, {**typed, "amount": "9500"}).status_code == 422  # without a reason
    assert as_owner.post(fix, {**typed, "amount": "9500", "reason": "Typing error"}).status_code == 302
    as_owner.post("/advocacy/pipeline/decide/", {"deal": "cato", "result": "won"})
    made.refresh_from_db()
    assert (made.result, made.amount) == ("won", 9500)
    shown = as_owner.get(f"/advocacy/activities/{made.pk}/").content.decode()
    assert "Typing error" in shown
    assert "amount was 9,000" in shown
    as_owner.post(f"/advocacy/activities/{made.pk}/withdraw/", {"reason": "Wrong customer"})
    assert "it counts no more" in as_owner.get(f"/advocacy/activities/{made.pk}/").content.decode()


def test_a_request_goes_its_way_by_hand_and_a_limit_asks_for_a_reason(
    as_owner: Client, as_stranger: Client, contacts: Contacts
) -> None:
    who = f"/advocacy/requests/new/?account=acme&person={contacts.dana.pk}"
    assert as_owner.post(who, {"kind": "case_study", "deal": "Brix", "amount": "1"}).status_code == 302
    request = Request.objects.get()
    page = f"/advocacy/requests/{request.pk}/"
    assert as_stranger.post(f"{page}step/", {"status": "agreed"}).status_code == 404
    beyond = as_owner.post(who, {"kind": "case_study"})
    assert beyond.status_code == 422
    assert "the limit for a person is 1" in beyond.content.decode()
    assert as_owner.post(who, {"kind": "case_study", "override": "They offered it"}).status_code == 302
    assert as_owner.post(f"{page}step/", {"status": "agreed", "note": "Gladly"}).status_code == 302
    wrong = as_owner.post(f"{page}step/", {"status": "scheduled"})
    assert (wrong.status_code, "for which day" in wrong.content.decode()) == (422, True)
    day = str(TODAY + timedelta(days=3))
    assert as_owner.post(f"{page}step/", {"status": "scheduled", "scheduled_for": day}).status_code == 302
    done = as_owner.post(f"{page}done/", {"happened_on": str(TODAY), "title": "Story of Brix", "deal": "Brix"})
    assert done.status_code == 302
    assert Request.objects.get(pk=request.pk).activity.title == "Story of Brix"


def test_somebody_is_found_and_chosen_for_an_open_request(as_owner: Client, life: dict[str, Any]) -> None:
    found = as_owner.get(f"/advocacy/find/?request={life['open'].pk}").content.decode()
    assert "Dana" in found
    key = str(life["advocate"].person_id)
    as_owner.post(f"/advocacy/requests/{life['open'].pk}/choose/", {"account": "acme", "person": key})
    life["open"].refresh_from_db()
    assert (life["open"].status, str(life["open"].person_id)) == ("asked", key)
    wrong = as_owner.get("/advocacy/find/?kind=review&where=arrr > 1")
    assert (wrong.status_code, "arrr" in wrong.content.decode()) == (422, True)
    nobody = as_owner.post(f"/advocacy/requests/{life['open'].pk}/choose/", {"account": "zeta"})
    assert nobody.status_code == 404


def test_a_viewer_reads_and_changes_nothing(client: Client, life: dict[str, Any]) -> None:
    client.force_login(User.objects.create_user("vi@test.example", name="Vi", role=Role.VIEWER, reach=Reach.ALL))
    assert client.get("/advocacy/").status_code == 200
    assert client.get("/customers/acme/advocacy/new/").status_code == 403
    assert client.get("/advocacy/requests/new/").status_code == 403
    assert client.post(f"/advocacy/requests/{life['request'].pk}/step/", {"status": "agreed"}).status_code == 403
    assert client.post(f"/advocacy/advocates/{life['advocate'].pk}/remove/").status_code == 403


@pytest.mark.parametrize("definitions", [None], indirect=True)
def test_measures_come_into_the_definitions_by_one_button(as_manager: Client, as_owner: Client, company: Any) -> None:
    assert "Add to definitions" in as_manager.get("/advocacy/").content.decode()
    assert "Add to definitions" not in as_owner.get("/advocacy/").content.decode()
    assert as_owner.post("/advocacy/measures/").status_code == 403
    as_manager.post("/advocacy/measures/")
    project = current_project()
    assert project is not None
    assert {"advocacy", "advocacy_requests"} <= set(project.datasets)
    assert "advocacy_points" in project.metrics
    assert "Add to definitions" not in as_manager.get("/advocacy/").content.decode()


def test_a_thousand_activities_are_a_page_of_few_queries(
    as_manager: Client, contacts: Contacts, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        log(
            actor=System("test"),
            kind="community",
            account_id="acme",
            person=contacts.dana.pk,
            said=Said(TODAY, f"Post {number}"),
        )
    for path in ("", "activities/", "advocates/", "requests/", "pipeline/"):
        with django_assert_max_num_queries(40):
            as_manager.get(f"/advocacy/{path}")
