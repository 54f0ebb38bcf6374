"""My day: whose accounts, in which order, and why."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.customer360.day import day_of
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.notices.models import Notice
from tests.apps.conftest import People


def needing(people_user: object) -> list[str]:
    return [one.account.pk for one in day_of(Person(people_user)).attention]  # type: ignore[arg-type]


def test_a_csm_s_day_is_about_their_own_accounts(company: Account, people: People) -> None:
    assert set(needing(people.owner)) <= {"acme", "brix"}
    assert needing(people.stranger) == ["zeta"]


def test_a_manager_s_day_is_about_all(company: Account, people: People) -> None:
    assert "zeta" in needing(people.manager)


def test_a_fall_and_a_near_renewal_are_said_in_words(company: Account, people: People) -> None:
    CurrentHealth.objects.filter(pk="acme").update(tone="middle", change=-12.4)
    (found, *_) = day_of(Person(people.owner)).attention
    assert found.account.pk == "acme"
    assert found.reasons[:2] == ("fell 12 points in a week", "renews in 30 days")


def test_more_is_at_stake_where_revenue_is_larger_and_the_score_lower(company: Account, people: People) -> None:
    CurrentHealth.objects.update(tone="bad", score=40, change=0)
    Account.objects.update(renews_on=None, arr=100)
    Account.objects.filter(pk="dune").update(arr=900)
    CurrentHealth.objects.filter(pk="cato").update(score=10)
    assert needing(people.manager)[:2] == ["dune", "cato"]


@pytest.mark.slow
def test_movers_renewals_and_notices_are_there(company: Account, people: People, as_owner: Client) -> None:
    CurrentHealth.objects.filter(pk="brix").update(change=7.0)
    Notice.objects.create(user=people.owner, text="A score went stale", kind="stale", key="1", link="/customers/acme/")
    Notice.objects.create(user=people.colleague, text="For Bea alone", kind="stale", key="1")
    page = as_owner.get("/").content.decode()
    assert "+7" in page
    assert "A score went stale" in page
    assert "For Bea alone" not in page
    assert "Acme Inc" in page


def test_an_empty_day_teaches(as_owner: Client) -> None:
    page = as_owner.get("/").content.decode()
    assert "Nothing to look at yet" in page
    assert "All customers" in page


def test_the_palette_finds_only_what_a_person_sees(
    company: Account, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    assert [one["title"] for one in as_owner.get("/find/?q=acme").json()["found"]] == ["Acme Inc"]
    assert as_stranger.get("/find/?q=acme").json()["found"] == []
    assert len(as_manager.get("/find/?q=inc").json()["found"]) == 6
    assert as_manager.get("/find/?q=i").json()["found"] == []
