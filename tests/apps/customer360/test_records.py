"""Rows of datasets on the page of an account: the newest first, and of nobody else."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.customers.models import Account
from tests.apps.customer360.test_panels import INSIDE, inside


@pytest.mark.slow
def test_tickets_of_the_account_are_listed_newest_first(
    company: Account, as_stranger: Client, as_manager: Client
) -> None:
    said = inside(as_manager, "tickets", "zeta")
    assert "3 rows" in said
    assert said.index("t1") < said.index("t2") < said.index("t3")
    assert "urgent" in said
    assert as_stranger.get("/customers/zeta/panels/tickets/", headers=INSIDE).status_code == 200  # it is Cyd's
    assert as_stranger.get("/customers/acme/panels/tickets/", headers=INSIDE).status_code == 404


@pytest.mark.slow
def test_an_account_without_tickets_says_where_they_come_from(company: Account, as_owner: Client) -> None:
    assert "No tickets are known of Acme Inc" in inside(as_owner, "tickets")


@pytest.mark.slow
def test_other_datasets_are_listed_beside_and_say_how_many_there_are(company: Account, as_colleague: Client) -> None:
    said = inside(as_colleague, "records")
    assert "Logins: the newest 10 of 40" in said
    assert "urgent" not in said


@pytest.mark.slow
def test_the_api_lists_the_same(company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client) -> None:
    for client in (as_owner, as_colleague):
        found = client.get("/api/v1/accounts/acme/records?dataset=logins&limit=3").json()
        assert [one["dataset"] for one in found] == ["logins"]
        assert (found[0]["total"], len(found[0]["rows"])) == (40, 3)
        assert found[0]["columns"][0] == "day"
    assert as_stranger.get("/api/v1/accounts/acme/records").status_code == 404
