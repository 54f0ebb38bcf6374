"""What people said felt wrong: kept with its measure, judged by what came later, offered beside weights."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from keepwell.apps.access.actors import Forbidden, Person, System
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.feedback.asking import ask_for_feedback
from keepwell.apps.experiments.feedback.evidence import evidence
from keepwell.apps.experiments.feedback.said import direction
from keepwell.apps.experiments.making import make
from keepwell.apps.health.feedback import say_it_feels_wrong
from keepwell.apps.health.models import Feedback
from keepwell.errors import FieldRefused, RequestRefused
from tests.apps.conftest import People
from tests.apps.experiments.conftest import LIGHTER
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow
MEASURE = "logins_28d"


def test_people_who_foresaw_what_the_score_did_not_were_right(past: Wanted, people: People, as_manager: Client) -> None:
    """Of the last twenty most left, and the score was at 90 when people said that it was too high."""
    wanted = replace(past, horizon_days=60, lead_days=0, trusted=("all",))
    actor = Person(people.manager)
    with pytest.raises(RequestRefused, match="nobody has said of a score yet"):
        ask_for_feedback(actor=actor, wanted=wanted)
    for number in range(40, 60):
        Feedback.objects.create(account_id=f"a{number}", author="Ada", as_of=TODAY - timedelta(days=100),
                                reason="Quiet", measure=MEASURE,
                                shown_score=90, shown_label="green", expected_label="red")  # fmt: skip
    spoken_of_otherwise()
    one = ask_for_feedback(actor=actor, wanted=wanted)
    make(one)
    assert one.error == ""
    assert one.result["notes"][:2] == [
        "2 remarks were about scores of other scorecards than those asked about, so left out",
        f"1 remark was said before {past.first} or after {TODAY}, so left out",
    ]
    found = {(row["measure"], row["said"]): row for row in one.result["judged"] if row["segment"] is None}
    assert found[MEASURE, "too_high"]["right"] == "people"
    assert found[MEASURE, "too_high"]["known"] == 20
    page = as_manager.get(f"/learning/{one.pk}/").content.decode()
    assert "people were right" in page
    said = evidence(actor, MEASURE)
    assert said is not None
    assert (said.too_high, said.too_low, said.report) == (23, 0, one.pk)
    assert "people were right" in said.judged[0]
    assert "people were right" in as_manager.get("/learning/feedback/").content.decode()
    assert as_manager.get(f"/api/v1/feedback-evidence/{MEASURE}").json()["too_high"] == 23


def spoken_of_otherwise() -> None:
    """Before the span that is asked about; before its version was published; and of another version's score."""

    def said(number: int, days_ago: int) -> Feedback:
        return Feedback.objects.create(account_id=f"a{number}", author="Ada", as_of=TODAY - timedelta(days=days_ago),
                                       reason="Quiet", measure=MEASURE, shown_score=90, shown_label="green",
                                       expected_label="red")  # fmt: skip

    said(30, 200)
    first = Version.objects.get()
    Feedback.objects.filter(pk=said(31, 100).pk).update(recorded_at=first.published_at - timedelta(days=1))
    publish(actor=System("tests"), files=LIGHTER, note="Other weights")
    said(32, 100)


def asking(user: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_remarks_are_quoted_to_those_who_see_the_account(company: object, people: People, as_manager: Client) -> None:
    for user, account in ((people.owner, "acme"), (people.stranger, "zeta")):
        say_it_feels_wrong(actor=Person(user), account_id=account, expected="red", reason=f"About {account}",
                           measure=MEASURE)  # fmt: skip
    few = User.objects.create_user("te@test.example", "a-long-password", name="Te", role=Role.MANAGER, reach=Reach.TEAM,
                                   team=people.owner.team)  # fmt: skip
    everything, own = evidence(Person(people.manager), MEASURE), evidence(Person(few), MEASURE)
    assert everything is not None
    assert own is not None
    assert {one.reason for one in everything.remarks} == {"About acme", "About zeta"}
    assert {one.reason for one in own.remarks} == {"About acme"}
    assert evidence(Person(people.manager), "active_days") is None
    html = as_manager.get("/learning/feedback/").content.decode()
    assert "About zeta" in html
    beside = [render_to_string("experiments/_evidence.html", {"measure": MEASURE, "request": asking(user)})
              for user in (people.manager, few)]  # fmt: skip
    assert ["About zeta" in one for one in beside] == [True, False]
    assert all("About acme" in one and "Who was right is not known yet" in one for one in beside)
    with pytest.raises(FieldRefused, match="did you mean 'logins_28d'"):
        say_it_feels_wrong(
            actor=Person(people.owner), account_id="acme", expected="red", reason="x", measure="logins_28"
        )


def test_owner_colleague_and_stranger_may_not(
    company: object, as_owner: Client, as_colleague: Client, as_stranger: Client, people: People
) -> None:
    for client in (as_owner, as_colleague, as_stranger):
        for path in ("/learning/feedback/", f"/api/v1/feedback-evidence/{MEASURE}"):
            assert client.get(path).status_code == 403, path
    with pytest.raises(Forbidden):
        evidence(Person(people.owner), MEASURE)


def test_which_way_somebody_means_is_told_by_the_order_of_labels(company: object) -> None:
    project = current_project()
    assert project is not None
    assert direction(project, "green", "yellow") == "too_high"
    assert direction(project, "red", "green") == direction(project, "", "better") == "too_low"
    assert direction(project, "red", "red") == direction(project, "purple", "red") == ""


def test_a_customer_page_asks_what_feels_wrong(company: object, as_owner: Client) -> None:
    address = "/customers/acme/panels/feedback/"
    assert "Logins 28d" in as_owner.get(address).content.decode()
    sent = as_owner.post(address, {"expected": "red", "measure": MEASURE, "reason": "They went quiet"})
    assert sent.status_code == 200, sent.content
    assert Feedback.objects.get().measure == MEASURE
    assert "for logins 28d" in sent.content.decode()
