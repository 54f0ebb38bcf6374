"""Scores that people enter for a unit: they count in its card and in what rests on it; rights are its account's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account, Relationship
from keepwell.apps.health.entering import enter_score, withdraw_score
from keepwell.apps.health.models import CurrentHealth, CurrentUnitHealth, Entry
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.reminding import remind_owners
from keepwell.apps.health.running import carry_out
from keepwell.apps.notices.models import Notice
from keepwell.errors import RequestRefused
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller
from tests.apps.scored import FILES, TODAY, UNIT_CARD, scored_company

PAGE = "/customers/acme/units/acme-east/scores/sponsor/"
_ROLLED_UP = FILES["card.yaml"].replace(
    "      relationship:\n        weight: 30\n        measures:\n",
    "      relationship:\n        weight: 30\n        measures:\n"
    "          weakest_unit: {weight: 2, score: {linear: [[0, 0], [100, 100]]}}\n",
)
WITH_UNITS = {**FILES, "card.yaml": _ROLLED_UP, "unit.yaml": UNIT_CARD}


@pytest.fixture
def units(people: People, data_dir: Path) -> Account:
    scored_company(data_dir, files=WITH_UNITS)
    return Account.objects.get(pk="acme")


def unit_score(unit: str = "acme-east") -> float | None:
    return CurrentUnitHealth.objects.get(pk=unit).score


def account_score(account: str = "acme") -> float:
    score = CurrentHealth.objects.get(pk=account).score
    assert score is not None
    return score


def enter(people: People, score: float = 0, **more: object) -> Entry:
    actor = Person(people.owner)
    return enter_score(actor=actor, account_id="acme", unit_id="acme-east", measure="sponsor", score=score, **more)  # type: ignore[arg-type]


@pytest.mark.slow
def test_it_counts_in_the_units_card_and_rolls_up_as_the_next_run_says(units: Account, people: People) -> None:
    before, whole, other = unit_score(), account_score(), unit_score("brix-east")
    assert before == 100
    enter(people, 0)
    assert unit_score() == pytest.approx(25)  # a quarter from active days
    # of the account's 30 points for relationship two thirds are the weakest unit
    assert account_score() == pytest.approx(whole - 0.3 * (2 / 3) * 75)
    assert unit_score("brix-east") == other
    shown = unit_score(), account_score()
    run, version = ask_for_run(actor=Person(people.manager), as_of=TODAY), current_version()
    assert version is not None
    carry_out(run, version)
    run.refresh_from_db()
    assert run.status == "done", run.error
    assert (unit_score(), account_score()) == pytest.approx(shown)


@pytest.mark.slow
def test_sources_of_a_unit_stand_beside_one_another(units: Account, people: People) -> None:
    enter(people, 0)
    enter(people, 100, source="api")
    assert unit_score() == pytest.approx(25)
    withdraw_score(actor=Person(people.colleague), account_id="acme", unit_id="acme-east", measure="sponsor")
    assert unit_score() == 100
    with pytest.raises(RequestRefused, match="no manual score"):
        withdraw_score(actor=Person(people.owner), account_id="acme", unit_id="acme-east", measure="sponsor")


@pytest.mark.slow
def test_an_entry_of_a_unit_is_none_of_its_account_and_measures_do_not_mix(units: Account, people: People) -> None:
    enter(people, 60)
    assert not Entry.objects.filter(relationship_id=None).exists()
    with pytest.raises(RequestRefused, match="no card of accounts has a measure 'sponsor'"):
        enter_score(actor=Person(people.owner), account_id="acme", measure="sponsor", score=60)
    with pytest.raises(RequestRefused, match="no card of relationships has a measure 'executive_relationship'"):
        enter_score(
            actor=Person(people.owner),
            account_id="acme",
            unit_id="acme-east",
            measure="executive_relationship",
            score=60,
        )


@pytest.mark.slow
def test_who_may(units: Account, people: People) -> None:
    with pytest.raises(NotVisible):
        enter_score(actor=Person(people.stranger), account_id="acme", unit_id="acme-east", measure="sponsor", score=60)
    with pytest.raises(NotVisible):  # the stranger's own account has no such unit
        enter_score(actor=Person(people.stranger), account_id="zeta", unit_id="acme-east", measure="sponsor", score=60)
    people.colleague.role = "viewer"
    with pytest.raises(Forbidden):
        enter_score(actor=Person(people.colleague), account_id="acme", unit_id="acme-east", measure="sponsor", score=60)
    assert not Entry.objects.exists()


@pytest.mark.slow
def test_the_page_takes_a_level_tells_what_counts_and_keeps_history(
    units: Account, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    panel = as_owner.get("/customers/acme/panels/hierarchy/").content.decode()
    assert 'href="/customers/acme/units/acme-east/scores/"' in panel
    assert 'href="/customers/acme/units/acme-east/scores/"' in as_owner.get("/customers/acme/scores/").content.decode()
    assert PAGE in as_owner.get("/customers/acme/units/acme-east/scores/").content.decode()
    wrong = as_owner.post(PAGE, {"score": "7", "comment": "Left us"})
    assert wrong.status_code == 422
    assert "Left us" in wrong.content.decode()
    text = as_owner.post(
        PAGE, {"score": "0", "comment": "Left us", "expires": "2026-06-30"}, follow=True
    ).content.decode()
    assert "The score is 25, red" in text
    assert "0 from manual" in text
    text = as_colleague.post(PAGE + "withdraw/", {"comment": "Was a mistake"}, follow=True).content.decode()
    assert text.index("Was a mistake") < text.index("Left us")
    assert "Bea" in text
    assert Change.objects.filter(object_name="sponsor of East", account_id="acme").count() == 2
    for method in (as_stranger.get, as_stranger.post):
        assert method(PAGE).status_code == 404
    assert as_stranger.get("/customers/zeta/units/acme-east/scores/").status_code == 404


@pytest.mark.slow
def test_the_api_does_the_same(units: Account, people: People) -> None:
    path = "/relationships/acme-east/entered-scores"
    made = Caller(people.owner).post(f"{path}/sponsor", {"score": 0, "comment": "Left us"})
    assert (made.status_code, made.json()["score"]) == (201, 0)
    assert unit_score() == pytest.approx(25)
    (stands,) = Caller(people.colleague).get(path).json()
    assert (stands["measure"], stands["on_card"], stands["entry"]["level"]) == ("sponsor", True, "None")
    assert Caller(people.colleague).send("delete", f"{path}/sponsor").status_code == 204
    history = Caller(people.owner).get(f"{path}/sponsor").json()
    assert [(one["score"], one["author"]) for one in history] == [(None, "Bea"), (0, "Ada")]
    assert Caller(people.stranger).get(path).status_code == 404
    assert Caller(people.stranger).post(f"{path}/sponsor", {"score": 0}).status_code == 404
    assert Caller(people.owner).post(f"{path}/executive_relationship", {"score": 0}).status_code == 422


@pytest.mark.slow
def test_the_owner_is_reminded_once_of_a_unit(units: Account, people: People) -> None:
    entry = enter(people, 60)
    assert remind_owners(entry.occurred_at + timedelta(days=100)) == 1
    assert remind_owners(entry.occurred_at + timedelta(days=101)) == 1
    (notice,) = Notice.objects.filter(kind="stale_score")
    assert notice.user == people.owner
    assert "Acme Inc › East: sponsor" in notice.text
    assert notice.link == PAGE
    Relationship.objects.filter(pk="acme-east").update(in_population=False)
    assert remind_owners(entry.occurred_at + timedelta(days=102)) == 0
