"""A proposal from its limits to a draft, and to the version that is published of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person
from keepwell.apps.configuration.models import Draft, Version
from keepwell.apps.configuration.operations import publish_draft, restore
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.experiments.operations import ask_for_proposal
from keepwell.apps.experiments.proposals.asking import WantedProposal
from keepwell.apps.experiments.proposals.drafting import take_as_draft
from keepwell.errors import FieldRefused, RequestRefused
from tests.apps.conftest import People
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow


@pytest.fixture
def wanted(past: Wanted) -> WantedProposal:
    return WantedProposal("version:1", "main", TODAY)


def asked(people: People, wanted: WantedProposal) -> Experiment:
    return ask_for_proposal(actor=Person(people.manager), wanted=wanted)


def test_from_limits_to_a_version_in_force(long_past: Wanted, as_manager: Client, people: People) -> None:
    page = as_manager.get("/learning/proposal/?of=version:1&card=main").content.decode()
    assert "Limits of measures" in page
    typed = {"of": "version:1", "card": "main", "as_of": str(TODAY), "lead_days": "30", "additions": "none",
             "most:logins_28d": "80"}  # fmt: skip
    sent = as_manager.post("/learning/proposal/", typed)
    assert sent.status_code == 302, sent.content.decode()
    one = Experiment.objects.get()
    assert one.parameters["limits"] == {"weights": {"logins_28d": {"at_most": 80.0}}, "additions": False}
    make(one)
    assert one.status == Status.DONE, one.error
    html = as_manager.get(sent["Location"]).content.decode()
    for said in (
        "What changes, and why",
        "Does it tell more?",
        "Who would move",
        "Open it as a draft",
        "shares-option",
    ):
        assert said in html, said
    taken = as_manager.post(f"/learning/{one.pk}/draft/")
    draft = Draft.objects.get()
    assert taken["Location"] == f"/configure/scorecards/{draft.pk}/main/"
    again = as_manager.post(f"/learning/{one.pk}/draft/")
    assert again["Location"] == taken["Location"], "there is one draft of a proposal"
    assert draft.files != draft.base.files
    beside = as_manager.get(f"/learning/of-draft/{draft.pk}/").content.decode()
    assert one.result["changes"][0]["why"].capitalize()[:20] in beside
    published = publish_draft(actor=Person(people.manager), draft=draft, note="Learned from outcomes")
    assert published.digest == one.result["digest"]
    html = as_manager.get(sent["Location"]).content.decode()
    assert f"version {published.number}" in html
    assert "and is in force" in html
    restore(actor=Person(people.manager), version=Version.objects.get(number=1), note="Back to what was")
    assert "another version is in force now" in as_manager.get(sent["Location"]).content.decode()


def test_too_few_outcomes_are_told_in_words(wanted: WantedProposal, people: People, as_manager: Client) -> None:
    one = asked(people, wanted)
    make(one)
    assert (one.status, "too few outcomes" in one.error) == (Status.FAILED, True)
    html = as_manager.get(f"/learning/{one.pk}/").content.decode()
    assert f"/learning/proposal/?like={one.pk}" in html
    assert as_manager.get(f"/learning/proposal/?like={one.pk}").status_code == 200
    with pytest.raises(RequestRefused, match="there is no proposal here"):
        take_as_draft(actor=Person(people.manager), experiment=one)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"card": "mian"}, "card", "main"),
        ({"lead_days": 5_000}, "lead_days", "out of range"),
        ({"limits": {"fixed": ["nobody"]}}, "limits", "fixed.*nobody"),
        ({"limits": {"most_measures": "many"}}, "limits", "most_measures"),
        ({"limits": {"colour": 1}}, "limits", "colour"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(
    wanted: WantedProposal, people: People, change: dict[str, object], field: str, says: str
) -> None:
    with pytest.raises(FieldRefused, match=says) as refused:
        asked(people, replace(wanted, **change))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Experiment.objects.exists()


def test_it_takes_the_right_to_configure(wanted: WantedProposal, people: People, as_owner: Client) -> None:
    for somebody in (people.owner, people.colleague, people.stranger):
        with pytest.raises(Forbidden):
            ask_for_proposal(actor=Person(somebody), wanted=wanted)
    assert as_owner.get("/learning/proposal/").status_code == 403
    assert Version.objects.count() == 1
