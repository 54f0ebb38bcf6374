"""Who the CSM is: what a person decides stands before what the data say, until it is given back."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.access.actors import NotVisible, Person, System
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.operations import change_many, give_back_owner, set_owner
from keepwell.apps.customers.operations.upserting import AccountRow, upsert
from keepwell.apps.health.models import Run
from keepwell.apps.health.running import carry_out
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller
from tests.apps.scored import TODAY

pytestmark = pytest.mark.slow


def run_again() -> None:
    version = current_version()
    assert version is not None
    carry_out(Run.objects.create(as_of=TODAY, asked_by="tests"), version)


def owner_of(account: str) -> object:
    return Account.objects.get(pk=account).owner


def data_say(account: str, csm: str) -> None:
    upsert(actor=System("tests"), accounts=[AccountRow(account, {"csm": csm})], people=())


def test_nobody_by_hand_stays_nobody_when_accounts_are_renewed(company: Account, people: People) -> None:
    set_owner(actor=Person(people.manager), account_id="acme", owner_id=None)
    run_again()
    assert owner_of("acme") is None
    assert owner_of("brix") == people.owner


def test_the_hand_stands_though_the_data_say_another(company: Account, people: People) -> None:
    set_owner(actor=Person(people.manager), account_id="acme", owner_id=people.colleague.pk)
    data_say("acme", "Mo")
    assert owner_of("acme") == people.colleague
    run_again()
    acme = Account.objects.get(pk="acme")
    assert (acme.owner, acme.owner_name, acme.owner_by_hand) == (people.colleague, "Mo", True)


def test_what_is_given_back_follows_the_data_at_once_and_from_then_on(company: Account, people: People) -> None:
    mo = Person(people.manager)
    set_owner(actor=mo, account_id="acme", owner_id=None)
    give_back_owner(actor=mo, account_id="acme")
    assert owner_of("acme") == people.owner
    change = Change.objects.get(action="gave owner back")
    assert (change.before, change.after) == ({"owner": None, "by_hand": True}, {"owner": "Ada", "by_hand": False})
    data_say("acme", "Bea")
    assert owner_of("acme") == people.colleague
    run_again()
    assert owner_of("acme") == people.colleague


def test_many_are_given_back_together(company: Account, people: People) -> None:
    mo = Person(people.manager)
    change_many(actor=mo, account_ids=["acme", "brix"], action="owner", value="none")
    change_many(actor=mo, account_ids=["acme", "brix"], action="owner", value="source")
    assert (owner_of("acme"), owner_of("brix")) == (people.owner, people.owner)


def test_the_page_says_who_decided_and_gives_it_back(
    company: Account, people: People, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    page = "/customers/acme/details/"
    assert "Set by hand" not in as_owner.get(page).content.decode()
    as_colleague.post("/customers/acme/owner/", {"csm": str(people.colleague.pk)})
    said = as_owner.get(page).content.decode()
    assert "Set by hand; the accounts data say Ada." in said
    assert "/customers/acme/owner/give-back/" in said
    assert as_stranger.post("/customers/acme/owner/give-back/").status_code == 404
    assert as_owner.post("/customers/acme/owner/give-back/")["Location"] == page
    assert owner_of("acme") == people.owner


def test_the_same_over_the_api(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    ada.send("put", "/accounts/acme/owner", {"csm_id": people.colleague.pk})
    said = ada.get("/accounts/acme").json()
    assert (said["csm_by_hand"], said["csm_id"], said["csm"]) == (True, people.colleague.pk, "Ada")
    assert Caller(people.stranger).send("delete", "/accounts/acme/owner").status_code == 404
    assert ada.send("delete", "/accounts/acme/owner").status_code == 204
    assert ada.get("/accounts/acme").json()["csm_id"] == people.owner.pk
    with pytest.raises(NotVisible):
        give_back_owner(actor=Person(people.stranger), account_id="acme")
