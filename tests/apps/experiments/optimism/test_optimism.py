"""Entered scores against outcomes: measures for everybody, people for those who lead them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.experiments.optimism.asking import ask_for_optimism
from keepwell.apps.experiments.optimism.seeing import seen_by
from keepwell.apps.health.models import Entry
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.experiments.conftest import ACCOUNTS
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow
MEASURE = "executive_relationship"


def entered() -> None:
    """Ada and Bea in turn, who see the last third worse than the others, though not bad; Cyd of two accounts alone."""
    at = datetime.combine(TODAY - timedelta(days=100), time(12), UTC)
    for number in range(ACCOUNTS):
        author = "Cyd" if number in (0, 1) else "Bea" if number % 2 else "Ada"
        Entry.objects.create(account_id=f"a{number:02}", measure=MEASURE, source="manual", author=author,
                             score=60 if number > 40 else 100, occurred_at=at, recorded_at=at)  # fmt: skip


def test_measures_for_everybody_and_people_for_managers(
    past: Wanted, people: People, as_manager: Client, as_owner: Client, as_stranger: Client
) -> None:
    entered()
    assert "horizon_days" not in as_manager.get("/learning/optimism/").content.decode()
    assert "No report was made yet" in as_owner.get("/learning/optimism/").content.decode()
    wanted = {"of": "version:1", "first": str(past.first), "last": str(past.last), "lead_days": 20, "every_days": 28,
              "trusted": ["all"]}  # fmt: skip
    sent = as_manager.post("/api/v1/experiments/optimism", wanted, content_type="application/json")
    assert sent.status_code == 202, sent.content
    one = Experiment.objects.get()
    make(one)
    assert one.error == ""
    (row,) = one.result["measures"]
    assert (row["measure"], row["decisions"]) == (MEASURE, ACCOUNTS)
    assert {person["author"] for person in one.result["people"]} == {"Ada", "Bea"}
    assert one.result["left_out"] == {MEASURE: 1}, "Cyd entered too few to be judged"
    for address in ("/learning/optimism/", f"/learning/{one.pk}/"):
        html = as_manager.get(address).content.decode()
        assert "By person" in html
        assert "1 person with too few decisions" in html
    for client in (as_owner, as_stranger):
        html = client.get("/learning/optimism/").content.decode()
        assert "Executive relationship" in html
        assert "By person" not in html
        assert client.get("/api/v1/optimism").json()["people"] == []
        assert client.get(f"/learning/{one.pk}/").status_code == 403
        assert client.post("/learning/optimism/", {}).status_code == 403
    assert len(as_manager.get("/api/v1/optimism").json()["people"]) == 2


@pytest.mark.django_db
def test_a_manager_of_a_team_sees_its_people_alone(people: People) -> None:
    found = {"people": [{"author": "Ada"}, {"author": "Cyd"}], "left_out": {}, "asides": []}
    for reach, names in ((Reach.TEAM, ["Ada"]), (Reach.OWN, []), (Reach.ALL, ["Ada", "Cyd"])):
        lead = User(name="Te", role=Role.MANAGER, reach=reach, team=people.owner.team)
        lead.pk = people.manager.pk
        assert [one["author"] for one in seen_by(Person(lead), found)["people"]] == names, reach
    User.objects.create_user(
        "ada2@test.example", "a-long-password", name="Ada", role=Role.CSM, team=people.stranger.team
    )
    lead = User(name="Te", role=Role.MANAGER, reach=Reach.TEAM, team=people.owner.team)
    assert seen_by(Person(lead), found)["people"] == [], "a name that others bear too is nobody's"


def test_only_those_who_configure_ask(past: Wanted, people: People) -> None:
    with pytest.raises(Forbidden):
        ask_for_optimism(actor=Person(people.owner), wanted=past)
    with pytest.raises(FieldRefused, match="whole decisions"):
        ask_for_optimism(actor=Person(people.manager), wanted=replace(past, horizon_days=90))
    assert not Experiment.objects.exclude(status=Status.DONE).exists()
