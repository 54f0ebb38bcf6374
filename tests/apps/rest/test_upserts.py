"""Accounts and people by the thousand: all or nothing, in the list at once and in the next run."""

from __future__ import annotations

from typing import Any

import pytest

from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.models import Version
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.health.running import back_fill
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller, places
from tests.apps.scored import TODAY

FREY = {"id": "frey", "name": "Frey Ltd", "arr": 5000, "csm": "Ada", "stage": "new", "renews_on": "2026-09-01"}
DORA = {"account_id": "frey", "name": "Dora", "email": "dora@frey.example"}


def upsert(caller: Caller, accounts: list[Any] = [], people: list[Any] = []) -> Any:  # noqa: B006 - read only
    return caller.post("/bulk/upsert", {"accounts": accounts, "people": people})


@pytest.fixture
def ari(company: Account, people: People) -> Caller:
    return Caller(people.admin)


@pytest.mark.slow
def test_new_ones_are_made_and_known_ones_changed(ari: Caller, people: People) -> None:
    answer = upsert(ari, [FREY, {"id": "acme", "arr": 1}], [DORA])
    assert answer.status_code == 200, answer.content
    assert (answer.json()["accounts"], answer.json()["people"]) == (
        {"created": 1, "updated": 1},
        {"created": 1, "updated": 0},
    )
    frey = Account.objects.get(pk="frey")
    assert (frey.owner, frey.stage, str(frey.renews_on)) == (people.owner, "new", "2026-09-01")
    acme = Account.objects.get(pk="acme")
    assert (acme.arr, acme.name) == (1, "Acme Inc")
    assert Change.objects.filter(action="made", object_id="frey", origin="api").exists()
    again = upsert(ari, people=[{**DORA, "name": "Dora Doe"}]).json()
    assert again["people_keys"] == answer.json()["people_keys"]
    assert (again["people"], Person.objects.get().personal.name) == ({"created": 0, "updated": 1}, "Dora Doe")


@pytest.mark.slow
def test_the_next_run_scores_them(ari: Caller) -> None:
    upsert(ari, [FREY, {"id": "acme", "name": "Acme Corp"}])
    version = Version.objects.latest("number")
    list(back_fill(version, [TODAY.replace(day=3)], "tests"))
    frey = Account.objects.get(pk="frey")
    assert (frey.in_population, frey.arr, frey.name) == (True, 5000, "Frey Ltd")
    assert ari.get("/accounts/frey").json()["health"]["label"] == "red"
    assert Account.objects.get(pk="acme").name == "Acme Corp"


def test_where_one_row_is_wrong_none_is_taken(ari: Caller) -> None:
    rows = [
        FREY,
        {"id": "brix", "parent_id": "nobody"},
        {"id": "cato", "attributes": {"colour": "red"}},
        {"id": "frey"},
    ]
    people = [
        {"account_id": "none", "name": "X"},
        {"account_id": "acme", "email": "no address"},
        {"account_id": "acme"},
    ]
    answer = upsert(ari, rows, people)
    assert answer.status_code == 422
    assert places(answer) == [
        "body.accounts.1.parent_id", "body.accounts.2.attributes.colour", "body.accounts.3.id",
        "body.people.0.account_id", "body.people.1.email", "body.people.2.name",
    ]  # fmt: skip
    assert not Account.objects.filter(pk="frey").exists()
    assert not Person.objects.exists()


@pytest.mark.slow
def test_five_thousand_are_taken_and_one_more_is_not(ari: Caller) -> None:
    rows = [{"id": f"many-{number}", "name": f"Many {number}", "arr": number} for number in range(5001)]
    assert upsert(ari, rows).status_code == 422
    assert upsert(ari, rows[:4000], [{"account_id": "many-1", "name": str(n)} for n in range(1001)]).status_code == 422
    assert upsert(ari, rows[:5000]).json()["accounts"]["created"] == 5000
    assert Account.objects.count() == 5006


def test_who_may_not_change_many_may_not(company: Account, people: People) -> None:
    for user in (people.owner, people.colleague, people.stranger):
        assert upsert(Caller(user), [FREY]).status_code == 403


def test_a_manager_who_sees_some_accounts_neither_makes_nor_changes_others(company: Account, people: People) -> None:
    people.manager.reach = "own"
    people.manager.save()
    answer = upsert(
        Caller(people.manager),
        [FREY, {"id": "acme", "arr": 1}, {"id": "eyre", "arr": 1}],
        [{"account_id": "acme", "name": "X"}],
    )
    assert places(answer) == ["body.accounts.0.id", "body.accounts.1.id", "body.people.0.account_id"]


@pytest.mark.slow
def test_many_take_as_many_questions_as_few(ari: Caller, django_assert_max_num_queries: Any) -> None:
    upsert(ari, [FREY])
    people = [{"account_id": "frey", "name": f"P {n}", "email": f"p{n}@frey.example"} for n in range(900)]
    for _ in ("made", "changed"):
        with django_assert_max_num_queries(30):
            assert upsert(ari, people=people).status_code == 200
