"""A change of many accounts can be undone by who made it, where nobody changed anything since."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.audit.models import Change
from keepwell.apps.customers.facts import AccountFacts
from keepwell.apps.customers.lake_writes import write_waiting
from keepwell.apps.customers.models import Account, AccountList, BulkChange, StageChange
from keepwell.apps.customers.operations import (
    add_to_list,
    change_many,
    make_list,
    set_owner,
    set_stage,
    undo_change_of_many,
)
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller

pytestmark = pytest.mark.slow
THREE = ["acme", "brix", "cato"]


@pytest.fixture
def mo(company: Account, people: People) -> Person:
    return Person(people.manager)


def stages() -> list[str]:
    return list(Account.objects.filter(pk__in=THREE).order_by("pk").values_list("stage", flat=True))


def test_stages_go_back_where_nobody_set_another_since(mo: Person, people: People) -> None:
    set_stage(actor=mo, account_id="brix", stage="paused")
    done = change_many(actor=mo, account_ids=THREE, action="stage", value="paused")
    assert sorted(done.before) == ["acme", "cato"]  # brix was paused before
    set_stage(actor=Person(people.owner), account_id="cato", stage="leaving")
    assert undo_change_of_many(actor=mo, bulk_id=done.pk) == 1
    assert stages() == ["live", "paused", "leaving"]
    assert StageChange.objects.filter(account="acme").latest("pk").reason == "Undone"
    undone = Change.objects.get(action="undid")
    assert (undone.before, undone.after) == ({"accounts": 2}, {"put back": 1})


def test_owners_go_back_with_who_decided_them(mo: Person, people: People) -> None:
    set_owner(actor=mo, account_id="brix", owner_id=people.manager.pk)
    before = dict(Account.objects.values_list("pk", "owner_id"))
    done = change_many(actor=mo, account_ids=THREE, action="owner", value=str(people.stranger.pk))
    assert set(Account.objects.filter(pk__in=THREE).values_list("owner", flat=True)) == {people.stranger.pk}
    set_owner(actor=mo, account_id="cato", owner_id=people.admin.pk)
    assert undo_change_of_many(actor=mo, bulk_id=done.pk) == 2
    assert Account.objects.get(pk="cato").owner == people.admin
    by_hand = dict(Account.objects.values_list("pk", "owner_by_hand"))
    assert (by_hand["acme"], by_hand["brix"]) == (False, True)
    assert {pk: owner for pk, owner in Account.objects.values_list("pk", "owner_id") if pk != "cato"} == {
        pk: owner for pk, owner in before.items() if pk != "cato"
    }


def test_lists_are_as_they_were(mo: Person) -> None:
    made = make_list(actor=mo, name="Board")
    add_to_list(actor=mo, list_id=made.pk, account_ids=["brix"])

    def members() -> set[str]:
        return set(AccountList.objects.get(pk=made.pk).accounts.values_list("pk", flat=True))

    added = change_many(actor=mo, account_ids=THREE, action="add", value=str(made.pk))
    assert (members(), len(added.before)) == (set(THREE), 2)
    assert undo_change_of_many(actor=mo, bulk_id=added.pk) == 2
    assert members() == {"brix"}
    removed = change_many(actor=mo, account_ids=THREE, action="remove", value=str(made.pk))
    assert members() == set()
    assert undo_change_of_many(actor=mo, bulk_id=removed.pk) == 1
    assert members() == {"brix"}


def test_attributes_are_set_in_the_data_and_go_back(mo: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FieldRefused, match="no attribute 'country' to set"):
        change_many(actor=mo, account_ids=THREE, action="attribute", value="country=DE")
    with pytest.raises(FieldRefused, match="country=DE"):
        change_many(actor=mo, account_ids=THREE, action="attribute", value="country")
    with_country()
    done = change_many(actor=mo, account_ids=THREE, action="attribute", value="country=DE")
    assert countries() == ["DE", "DE", "DE", None, None, None]
    assert Account.objects.get(pk="acme").attributes["country"] == "DE"
    assert undo_change_of_many(actor=mo, bulk_id=done.pk) == 3
    assert countries() == [None] * 6


def with_country() -> None:
    """The accounts dataset gets one more column."""
    import pyarrow as pa

    from keepwell.apps.customers.lake_writes import lake_table

    table = lake_table("facts/accounts")
    rows = table.read()
    table.replace({}, rows.drop_columns(["load_id"]).append_column("country", pa.nulls(rows.num_rows, pa.string())))


def countries() -> list[str | None]:
    write_waiting()
    from keepwell.apps.configuration.queries import current_project
    from keepwell.apps.customers.lake_writes import lake_table

    assert AccountFacts(current_project()).key == "id"
    rows = sorted(lake_table("facts/accounts").read().to_pylist(), key=lambda row: str(row["id"]))
    return [row["country"] for row in rows]


def test_only_who_made_it_undoes_it_and_once(mo: Person, people: People) -> None:
    done = change_many(actor=mo, account_ids=THREE, action="stage", value="paused")
    with pytest.raises(Forbidden):
        undo_change_of_many(actor=Person(people.owner), bulk_id=done.pk)
    with pytest.raises(NotVisible):
        undo_change_of_many(actor=Person(people.admin), bulk_id=done.pk)
    undo_change_of_many(actor=mo, bulk_id=done.pk)
    with pytest.raises(FieldRefused, match="undone already"):
        undo_change_of_many(actor=mo, bulk_id=done.pk)
    assert stages() == ["live"] * 3


def test_the_list_offers_the_way_back(
    company: Account, as_manager: Client, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    data = {"account": THREE, "action": "stage", "stage": "paused", "back": "/customers/?stage=paused"}
    said = as_manager.post("/bulk/", data, follow=True).content.decode()
    assert "3 accounts moved to the stage" in said
    found = re.search(r'action="(/bulk/\d+/undo/[^"]*)"', said)
    assert found is not None
    for client in (as_owner, as_colleague, as_stranger):
        assert client.post(found.group(1)).status_code == 403
    answer = as_manager.post(found.group(1), follow=True)
    assert answer.redirect_chain[0][0] == "/customers/?stage=paused"
    assert "3 accounts are as before" in answer.content.decode()
    assert stages() == ["live"] * 3
    assert "Nothing was undone" in as_manager.post(found.group(1), follow=True).content.decode()


def test_nothing_that_changed_offers_no_way_back(company: Account, as_manager: Client) -> None:
    data = {"account": THREE, "action": "stage", "stage": "live", "back": "/customers/?q=x"}
    said = as_manager.post("/bulk/", data, follow=True).content.decode()
    assert "Nothing changed: it was so already" in said
    assert "/undo/" not in said


def test_the_same_over_the_api(company: Account, people: People) -> None:
    mo = Caller(people.manager)
    done = mo.post("/bulk/accounts", {"account_ids": THREE, "action": "stage", "value": "paused"}).json()
    assert done == {"changed": 3, "id": BulkChange.objects.get().pk}
    assert Caller(people.admin).post(f"/bulk/accounts/{done['id']}/undo").status_code == 404
    assert mo.post(f"/bulk/accounts/{done['id']}/undo").json() == {"changed": 3}
    assert mo.post(f"/bulk/accounts/{done['id']}/undo").status_code == 422
