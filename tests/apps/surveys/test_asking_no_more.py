"""Who may send says on the page of the customer that somebody is asked no more, or again."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.customers.models import Person
from keepwell.apps.surveys.models import Refusal
from keepwell.apps.surveys.refusing import bounced, unsubscribe
from tests.apps.conftest import People
from tests.apps.surveys.conftest import invited

pytestmark = pytest.mark.slow
PANEL = "/customers/acme/panels/people/"
NO_MORE, AGAIN = "Ask Art no more", "Ask Art again"


def shown(client: Client) -> str:
    return client.get(PANEL).content.decode()


def test_a_manager_stops_asking_and_asks_again(contacts: dict[str, Person], as_manager: Client) -> None:
    path = f"/surveys/people/{contacts['Art'].pk}"
    assert NO_MORE in shown(as_manager)
    page = as_manager.post(f"{path}/stop-asking/", follow=True)
    assert page.redirect_chain == [("/customers/acme/", 302)]
    assert "They are asked no more, by no survey." in page.content.decode()
    assert Refusal.objects.get(lifted_at=None).by == "Mo"
    assert "3 of 5" not in as_manager.get("/surveys/pulse/send/plan/").content.decode()
    assert AGAIN in shown(as_manager)
    assert "not asked</span>" in shown(as_manager)
    assert "Ask Ann no more" in shown(as_manager)
    as_manager.post(f"{path}/ask-again/")
    assert NO_MORE in shown(as_manager)
    assert "3 of 5 people" in as_manager.get("/surveys/pulse/send/plan/").content.decode()


def test_those_who_may_not_send_see_it_and_change_nothing(
    contacts: dict[str, Person], as_owner: Client, as_colleague: Client, as_stranger: Client, as_manager: Client
) -> None:
    path = f"/surveys/people/{contacts['Art'].pk}"
    as_manager.post(f"{path}/stop-asking/")
    for client in (as_owner, as_colleague):
        assert "not asked</span>" in shown(client)
        assert AGAIN not in shown(client)
    assert as_stranger.get(PANEL).status_code == 404
    for client in (as_owner, as_colleague, as_stranger):
        assert client.post(f"{path}/ask-again/").status_code == 403
        assert client.post(f"/surveys/people/{contacts['Ann'].pk}/stop-asking/").status_code == 403
    assert Refusal.objects.filter(lifted_at=None).count() == 1


def test_a_manager_of_other_accounts_does_not_find_the_person(
    contacts: dict[str, Person], people: People, as_manager: Client
) -> None:
    people.manager.reach = "own"
    people.manager.save()
    assert as_manager.post(f"/surveys/people/{contacts['Art'].pk}/stop-asking/").status_code == 404
    assert not Refusal.objects.exists()


def test_what_somebody_said_themselves_an_admin_alone_lifts(
    contacts: dict[str, Person], as_manager: Client, as_admin: Client
) -> None:
    unsubscribe(invited(contacts["Art"])[0])
    assert "an admin may lift it" in shown(as_manager)
    assert AGAIN not in shown(as_manager)
    path = f"/surveys/people/{contacts['Art'].pk}/ask-again/"
    assert as_manager.post(path).status_code == 403
    assert AGAIN in shown(as_admin)
    as_admin.post(path)
    assert NO_MORE in shown(as_manager)


def test_letters_that_came_back_are_told_by_the_address(contacts: dict[str, Person], as_manager: Client) -> None:
    bounced(actor=System("test"), address="ART@acme.example")
    assert "Letters came back" in shown(as_manager)
    assert AGAIN in shown(as_manager)
    assert "Ask Ann no more" in shown(as_manager)
