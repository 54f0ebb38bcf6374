from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.portfolio.heat import heat_of
from keepwell.apps.portfolio.renewing import months_of
from tests.apps.conftest import People

PAGES = ("/portfolio/heatmap/", "/portfolio/movers/", "/portfolio/renewals/?month=2026-04", "/lists/")


@pytest.mark.slow
def test_pages_show_a_person_their_own_accounts_alone(
    company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    CurrentHealth.objects.update(change=-3.0)
    for address in PAGES[:2]:
        for client in (as_owner, as_colleague):
            page = client.get(address).content.decode()
            assert "Acme Inc" in page, address
            assert "Zeta Inc" not in page, address
        page = as_stranger.get(address).content.decode()
        assert "Acme Inc" not in page, address
        assert "Zeta Inc" in page, address
    assert "Acme Inc" in as_owner.get(PAGES[2]).content.decode()
    assert "Acme Inc" not in as_stranger.get(PAGES[2]).content.decode()


def test_who_is_not_signed_in_is_asked_to(client: Client, db: None) -> None:
    assert {client.get(address).status_code for address in PAGES} == {302}


def test_pages_stand_before_the_first_run(as_manager: Client) -> None:
    assert {as_manager.get(address).status_code for address in (*PAGES, "/customers/")} == {200}


@pytest.mark.slow
def test_the_heatmap_says_what_the_run_scored(company: Account, as_manager: Client) -> None:
    run = latest_run()
    assert run is not None
    heat = heat_of(state_of(run), "main", ["zeta", "acme", "nobody"])
    assert set(heat) == {"zeta", "acme"}
    assert (heat["acme"][0].text, heat["acme"][0].tone) == ("100", "good")
    assert heat["zeta"][0].tone == "bad"
    assert heat["acme"][2].text == "(50)"  # nobody entered a score
    page = as_manager.get("/portfolio/heatmap/").content.decode()
    assert page.index("Zeta Inc") < page.index("Acme Inc")
    assert "style=" not in page
    page = as_manager.get("/portfolio/heatmap/?where=arr+%3E%3D+100000").content.decode()
    assert "Zeta Inc" not in page
    assert as_manager.get("/portfolio/heatmap/?where=nope").status_code == 422


def test_movers_go_both_ways_with_why(company: Account, as_manager: Client) -> None:
    CurrentHealth.objects.filter(pk="acme").update(change=12.5)
    CurrentHealth.objects.filter(pk="zeta").update(change=-7.0)
    page = as_manager.get("/portfolio/movers/").content.decode()
    assert page.index("Fell") < page.index("Zeta Inc") < page.index("Rose") < page.index("Acme Inc")
    assert "+12.5" in page
    assert "−7" in page
    assert "costs" in page


def test_renewals_add_up_by_month_and_band(company: Account, people: People) -> None:
    months = months_of(Person(people.manager), date(2026, 3, 2))
    assert len(months) == 12
    assert sum(month.accounts for month in months) == 6
    april = next(month for month in months if month.first == date(2026, 4, 1))
    assert (april.accounts, april.arr) == (1, 200_000)
    assert sum(month.accounts for month in months_of(Person(people.stranger), date(2026, 3, 2))) == 1
