"""Who can do it and who might be next: for what one sees, with the reasons, and protected from too much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from keepwell.apps.access.actors import Person, System
from keepwell.apps.advocacy.finding.candidates import candidates
from keepwell.apps.advocacy.finding.search import USUAL, find
from keepwell.apps.advocacy.finding.words import understood
from keepwell.apps.advocacy.operations.activities import Said, log
from keepwell.apps.advocacy.operations.advocates import Profile, make_advocate
from keepwell.apps.advocacy.operations.requests import Wanted, ask
from keepwell.apps.cockpit.operations.opening import Wanted as WantedCall
from keepwell.apps.cockpit.operations.opening import open_call
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.surveys.editions import in_force, keep_edition
from keepwell.apps.surveys.models import Response
from tests.apps.advocacy.conftest import Contacts
from tests.apps.conftest import People

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC).date()


@pytest.fixture
def advocates(contacts: Contacts) -> Contacts:
    actor = System("test")
    make_advocate(actor=actor, account_id="acme", person=contacts.dana.pk, profile=Profile(languages=["German"]))
    make_advocate(actor=actor, account_id="zeta", person=contacts.zoe.pk)
    return contacts


def test_a_search_sees_the_advocates_of_accounts_that_one_sees(people: People, advocates: Contacts) -> None:
    names = lambda user: [one.name for one in find(actor=Person(user), kind="review", condition="").rows]  # noqa: E731
    assert names(people.owner) == names(people.colleague) == ["Dana"]
    assert names(people.stranger) == ["Zoe"]
    assert names(people.manager) == ["Dana", "Zoe"]


def test_a_condition_over_accounts_and_people_is_kept_to_with_its_reasons(people: People, advocates: Contacts) -> None:
    actor = Person(people.manager)
    (found,) = find(actor=actor, kind="review", condition="arr >= 100000 and is_sponsor and label = 'green'").rows
    assert (found.name, found.account.pk) == ("Dana", "acme")
    assert any("arr" in one and "200" in one for one in found.fits)
    everyone = find(actor=actor, kind="review", condition="arr >= 100000", everyone=True)
    assert [one.name for one in everyone.rows] == ["Dana", "Eli"]  # an advocate first
    assert "'arrr'" in find(actor=actor, kind="review", condition="arrr > 1").refused
    assert find(actor=actor, kind="review", condition="arr >").refused


def test_words_become_a_condition_of_what_there_is(people: People, advocates: Contacts) -> None:
    found = understood(Person(people.manager), "review in german from live, arr 200k tomorrow, friendly")
    assert (found.kind, found.day, found.left) == ("review", TODAY + timedelta(days=1), ("friendly",))
    assert "arr between 100000 and 400000" in found.condition
    assert "stage = 'live'" in found.condition
    assert [one.name for one in find(actor=Person(people.manager), kind="review", condition=found.condition).rows] == [
        "Dana"
    ]
    assert "german" in understood(Person(people.stranger), "german").left  # spoken by nobody whom Cyd sees


def test_who_was_asked_enough_comes_last_and_accounts_in_trouble_not_at_all(
    people: People, advocates: Contacts
) -> None:
    actor = Person(people.manager)
    for _ in range(2):
        ask(actor=actor, wanted=Wanted("review"), account_id="acme", person=advocates.dana.pk)
    found = find(actor=actor, kind="review", condition="")
    assert [one.name for one in found.rows] == ["Zoe", "Dana"]
    assert "the limit for a person is 2" in found.rows[1].rank.against[0]
    assert find(actor=actor, kind="webinar", condition="asked_days is null").rows[0].name == "Zoe"
    open_call(actor=System("test"), account_id="acme", wanted=WantedCall(type="risk", title="Trouble", reason="x"))
    assert [one.name for one in find(actor=actor, kind="webinar", condition=USUAL).rows] == []  # zeta is red


def test_candidates_are_found_by_the_rule_that_comes_with_keepwell(people: People, contacts: Contacts) -> None:
    (rule,) = candidates(Person(people.owner))
    assert (rule.name, rule.count, rule.refused) == ("happy_promoters", 0, "")
    moment = datetime.now(UTC) - timedelta(days=3)
    version = current_version()
    survey = "surveys:\n  pulse: {questions: [{name: recommend, kind: nps, text: Would you?}]}\n"
    publish(actor=System("test"), files={**version.files, "pulse.yaml": survey}, note="Ask", base=version.number)
    _answered(contacts, moment)
    (rule,) = candidates(Person(people.owner))
    (dana,) = rule.rows
    assert dana.name == "Dana"
    assert any("9" in one for one in dana.reasons)
    assert candidates(Person(people.stranger))[0].count == 0
    make_advocate(actor=System("test"), account_id="acme", person=contacts.dana.pk)
    assert candidates(Person(people.owner))[0].count == 0


def _answered(contacts: Contacts, moment: datetime) -> None:
    survey, version = in_force("pulse")
    keep_edition("pulse", version, survey)
    for person, number in ((contacts.dana, 9.0), (contacts.eli, 6.0), (contacts.zoe, 10.0)):
        Response.objects.create(
            survey="pulse", version=version, account_id=person.account_id, person=person,
            answers={"recommend": number}, status="finished", answered_at=moment, recorded_at=moment,
            started_at=moment, touched_at=moment,
        )  # fmt: skip


def test_what_they_did_before_speaks_for_them(people: People, advocates: Contacts) -> None:
    log(actor=System("test"), kind="review", account_id="zeta", person=advocates.zoe.pk, said=Said(TODAY, "Review"))
    rows = find(actor=Person(people.manager), kind="review", condition="").rows
    assert "did a review once" in next(one for one in rows if one.name == "Zoe").rank.reasons
