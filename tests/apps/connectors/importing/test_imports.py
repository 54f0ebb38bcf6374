"""Accounts, people and rows of datasets from files: what is taken, what is not, and back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.connectors.importing import operations
from keepwell.apps.connectors.importing.models import Import, ImportStatus
from keepwell.apps.connectors.importing.place import rejected
from keepwell.apps.connectors.importing.queries import import_for
from keepwell.apps.connectors.importing.reading import REASON
from keepwell.apps.connectors.importing.targets import PEOPLE
from keepwell.apps.customers.lake_writes import lake_table
from keepwell.apps.customers.models import Account, PersonalData
from keepwell.apps.customers.models import Person as Contact
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.connectors.importing.bringing import brought, checked, taken, undone

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNTS = """\
Account ID,Name,ARR,Renewal date
acme,Acme Ltd,300000,31/12/2026
nova,Nova,1000,15/01/2027
brix,Brix Inc,90000,01/05/2026
"""


@pytest.fixture
def mo(company: Account, people: People) -> Person:
    return Person(people.manager)


def in_lake(name: str, key: str) -> dict[str, dict[str, object]]:
    return {row[key]: row for row in lake_table(f"facts/{name}").read().to_pylist()}


def rows_back(one: Import) -> list[dict[str, str]]:
    with rejected(one.pk).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.slow
def test_accounts_are_matched_by_name_and_come_into_the_list_and_the_lake(mo: Person, tmp_path: Path) -> None:
    one = taken(mo, "accounts", ACCOUNTS, tmp_path)
    assert one.status == ImportStatus.DONE, one.error
    assert {name: one.counts[name] for name in ("rows", "new", "changed", "unchanged", "rejected")} == {
        "rows": 3, "new": 1, "changed": 2, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    acme, nova = Account.objects.get(pk="acme"), Account.objects.get(pk="nova")
    assert (acme.name, acme.arr, str(acme.renews_on), acme.stage) == ("Acme Ltd", 300_000, "2026-12-31", "live")
    assert (nova.name, nova.in_population, nova.owner) == ("Nova", True, None)
    held = in_lake("accounts", "id")
    assert held["acme"]["arr"] == 300_000
    assert held["acme"]["csm"] == "Ada"
    assert held["nova"]["stage"] is None
    assert len(held) == 7


@pytest.mark.slow
def test_the_same_file_twice_changes_nothing(mo: Person, tmp_path: Path) -> None:
    taken(mo, "accounts", ACCOUNTS, tmp_path)
    version = lake_table("facts/accounts").version
    again = taken(mo, "accounts", ACCOUNTS, tmp_path)
    assert (again.counts["new"], again.counts["changed"], again.counts["unchanged"]) == (0, 0, 3)
    assert lake_table("facts/accounts").version == version


@pytest.mark.slow
def test_rejected_rows_come_back_as_they_stood_with_every_reason(mo: Person, tmp_path: Path) -> None:
    text = 'id,name,arr\nacme,"Acme, Inc",much\n,Nobody,1\nnova,Nova,12\nnova,Nova again,13\nshort\n'
    one = checked(mo, "accounts", text, tmp_path)
    assert (one.counts["accepted"], one.counts["rejected"]) == (1, 4)
    back = rows_back(one)
    assert [row["id"] for row in back] == ["acme", "", "nova", "short"]
    assert back[0]["name"] == "Acme, Inc"
    assert "arr: 'much' is not a whole number" in back[0][REASON]
    assert back[1][REASON] == "id: give a value"
    assert "stands in row 3 already" in back[2][REASON]
    with pytest.raises(FieldRefused, match="4 rows are rejected"):
        operations.take(actor=mo, import_id=one.pk, mode=operations.ALL)
    assert not Account.objects.filter(pk="nova").exists()


@pytest.mark.slow
def test_rows_that_came_back_are_corrected_and_brought_again(mo: Person, tmp_path: Path) -> None:
    one = taken(mo, "accounts", "id,name,arr\nnova,Nova,much\nvega,Vega,7\n", tmp_path, operations.ACCEPTED)
    corrected = rejected(one.pk).read_text(encoding="utf-8").replace("much", "12")
    again = taken(mo, "accounts", corrected, tmp_path)
    assert (again.counts["new"], again.counts["rejected"]) == (1, 0)
    assert Account.objects.get(pk="nova").arr == 12


@pytest.mark.slow
def test_an_import_of_accounts_is_undone_where_nobody_changed_them_since(mo: Person, tmp_path: Path) -> None:
    one = taken(mo, "accounts", ACCOUNTS, tmp_path)
    brix = Account.objects.get(pk="brix")
    brix.stage = "at risk"
    brix.save()
    undone(mo, one)
    acme = Account.objects.get(pk="acme")
    assert (acme.name, acme.arr) == ("Acme Inc", 200_000)
    assert not Account.objects.get(pk="nova").in_population
    assert Account.objects.get(pk="brix").stage == "at risk"
    held = in_lake("accounts", "id")
    assert "nova" not in held
    assert held["acme"]["name"] == "Acme Inc"


@pytest.mark.slow
def test_people_are_found_by_address_and_not_doubled(mo: Person, tmp_path: Path) -> None:
    header = "Account,Full name,E-Mail,Sponsor\nacme,Dora Doe,dora@acme.example,yes\n"
    text = header + "acme,Dan,not an address,no\nnowhere,Eva,eva@x.example,no\n"
    one = taken(mo, PEOPLE, text, tmp_path, operations.ACCEPTED)
    assert one.status == ImportStatus.DONE, one.error
    assert (one.counts["new"], one.counts["rejected"]) == (1, 2)
    dora = PersonalData.objects.get(email="dora@acme.example")
    assert (dora.name, dora.person.account_id, dora.person.is_sponsor) == ("Dora Doe", "acme", True)
    again = taken(mo, PEOPLE, "account,name,email\nacme,Dora Dow,DORA@acme.example\n", tmp_path)
    assert (again.counts["changed"], Contact.objects.count()) == (1, 1)
    assert PersonalData.objects.get().name == "Dora Dow"
    undone(mo, again)
    assert PersonalData.objects.get().name == "Dora Doe"
    undone(mo, one)
    assert not Contact.objects.exists()


@pytest.mark.slow
def test_rows_of_a_dataset_with_a_key_are_updated_and_others_are_added_once(mo: Person, tmp_path: Path) -> None:
    tickets = "ticket,account,opened_at,priority\nt1,zeta,2026-03-01,low\nt9,acme,2026-03-02,urgent\n"
    one = taken(mo, "tickets", tickets, tmp_path)
    assert (one.counts["new"], one.counts["changed"]) == (1, 1)
    held = in_lake("tickets", "ticket")
    assert (held["t1"]["priority"], held["t9"]["account"], len(held)) == ("low", "acme", 4)
    assert str(held["t9"]["local_day"]) == "2026-03-02"
    before = lake_table("facts/logins").read().num_rows
    logins = "account,unit,day,count\nacme,acme-east,2026-03-02,5\nacme,acme-east,2026-03-02,5\nghost,g,2026-03-02,1\n"
    first = taken(mo, "logins", logins, tmp_path)
    assert first.counts["new"] == 3
    assert "ghost" in first.notes[0]
    second = taken(mo, "logins", logins, tmp_path)
    assert (second.counts["new"], second.counts["unchanged"]) == (0, 3)
    assert lake_table("facts/logins").read().num_rows == before + 3
    undone(mo, first)
    assert lake_table("facts/logins").read().num_rows == before
    undone(mo, one)
    assert in_lake("tickets", "ticket")["t1"]["priority"] == "urgent"


@pytest.mark.slow
def test_an_import_is_for_who_may_and_sees_it(mo: Person, people: People, tmp_path: Path) -> None:
    one = brought(mo, "accounts", ACCOUNTS, tmp_path)
    with pytest.raises(Forbidden):
        operations.match(actor=Person(people.owner), import_id=one.pk, columns={})
    with pytest.raises(NotVisible):
        import_for(Person(people.stranger), one.pk)
    assert import_for(Person(people.admin), one.pk) == one


@pytest.mark.slow
def test_a_parent_that_is_nobody_is_refused_with_the_nearest(mo: Person, tmp_path: Path) -> None:
    rows = "id,name,parent\nnova,Nova,acme\nvega,Vega,nova\nlyra,Lyra,acme inc\nara,Ara,zzz9\n"
    one = taken(mo, "accounts", rows, tmp_path, operations.ACCEPTED)
    assert (one.status, one.error, one.counts["new"], one.counts["rejected"]) == (ImportStatus.DONE, "", 2, 2)
    reasons = {row["id"]: row[REASON] for row in rows_back(one)}
    assert reasons == {
        "lyra": "there is no account 'acme inc' to be its parent; the nearest is 'acme' (Acme Inc)",
        "ara": "there is no account 'zzz9' to be its parent",
    }
    assert Account.objects.get(pk="nova").parent_id == "acme"
    assert Account.objects.get(pk="vega").parent_id == "nova"
