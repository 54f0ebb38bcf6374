from __future__ import annotations

from django.test import Client

from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth


def test_the_owner_sees_the_score_and_why(company: Account, as_owner: Client) -> None:
    page = as_owner.get("/customers/acme/")
    assert page.status_code == 200
    assert "Acme Inc" in page.content.decode()
    assert CurrentHealth.objects.get(pk="acme").why in page.content.decode()


def test_a_colleague_of_the_team_sees_it_too(company: Account, as_colleague: Client) -> None:
    assert as_colleague.get("/customers/acme/").status_code == 200


def test_to_a_stranger_there_is_no_such_account(company: Account, as_stranger: Client) -> None:
    assert as_stranger.get("/customers/acme/").status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: Client, db: None) -> None:
    answer = client.get("/customers/acme/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
