"""Owners hear of accounts that came into another band: once a day and band, and as they chose."""

from __future__ import annotations

import pytest

from keepwell.apps.access.actors import Person
from keepwell.apps.customers.models import Account
from keepwell.apps.health.entering import enter_score
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.health.telling import score_now
from keepwell.apps.notices.kinds import Way
from keepwell.apps.notices.models import Notice
from keepwell.apps.notices.preferences import Preferences, choose
from tests.apps.conftest import People

pytestmark = pytest.mark.slow


def entered(people: People, score: float) -> str:
    """Scored again at once; returns the band."""
    enter_score(actor=Person(people.owner), account_id="acme", measure="executive_relationship", score=score)
    return CurrentHealth.objects.get(pk="acme").label


def moved(people: People) -> tuple[str, str]:
    """From one band to another."""
    before, after = entered(people, 100), entered(people, 0)
    assert before != after
    return before, after


def notices() -> list[Notice]:
    return list(Notice.objects.filter(kind="band_change").order_by("pk"))


def test_the_owner_hears_of_it_and_nobody_else(company: Account, people: People) -> None:
    before, after = moved(people)
    newest = notices()[-1]
    assert {one.user for one in notices()} == {people.owner}
    assert newest.text == f"Acme Inc went from {before} to {after}"
    assert (newest.facts["label"], newest.facts["before"], newest.link) == (after, before, "/customers/acme/")
    assert newest.facts["why"] == CurrentHealth.objects.get(pk="acme").why


def test_a_score_that_goes_to_and_fro_is_told_once_a_band_and_day(company: Account, people: People) -> None:
    for _ in range(5):
        moved(people)
    texts = [one.facts["label"] for one in notices()]
    assert len(texts) == len(set(texts)) <= 3


def test_who_does_not_want_it_is_not_told(company: Account, people: People) -> None:
    choose(actor=Person(people.owner), wanted=Preferences(ways={"band_change": Way.OFF}))
    moved(people)
    assert notices() == []


def test_the_label_before_comes_from_the_timeline(company: Account, people: People) -> None:
    CurrentHealth.objects.filter(pk="acme").update(label="unheard of")
    found = score_now("acme")
    assert found is not None
    assert (found.label, found.before) == ("unheard of", "")
    assert score_now("nobody") is None
