"""The panels of usage and adoption on the customer page."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.customers.models import Account
from tests.apps.adoption.conftest import used

__all__ = ["used"]
HTMX = {"HX-Request": "true"}


def panel(client: Client, name: str, account: str = "acme") -> str:
    answer = client.get(f"/customers/{account}/panels/{name}/", headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.slow
def test_usage_tells_who_comes_and_how_many_seats_are_in_use(used: Account, as_owner: Client) -> None:
    page = panel(as_owner, "usage")
    assert "2 active in 28 days, 2 this week, 2 on" in page
    assert "50 % of 4 seats in use" in page
    assert "The same as a table" in page
    assert "Nobody at" in panel(as_owner, "usage", "cato")


@pytest.mark.slow
def test_adoption_lists_what_is_used_and_what_is_not(used: Account, as_owner: Client) -> None:
    page = panel(as_owner, "adoption")
    assert "2 of 2 features used within 28 days" in page
    assert "not used" in panel(as_owner, "adoption", "brix")


@pytest.mark.slow
def test_a_colleague_sees_them_and_a_stranger_does_not(
    used: Account,
    as_colleague: Client,
    as_stranger: Client,
) -> None:
    for name in ("usage", "adoption"):
        assert panel(as_colleague, name)
        assert as_stranger.get(f"/customers/acme/panels/{name}/", headers=HTMX).status_code == 404


def test_without_people_in_the_data_they_teach(company: Account, as_owner: Client) -> None:
    assert "No dataset says who uses what yet" in panel(as_owner, "usage")
    assert "No dataset says who uses what yet" in panel(as_owner, "adoption")
