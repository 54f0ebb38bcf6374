"""Ids in the data that lead to nobody: found, suggested for, linked, and let go again."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.lake_writes import lake_table
from keepwell.apps.customers.models import Account, PersonalData, SourceId
from keepwell.apps.customers.models import Person as Contact
from keepwell.apps.customers.operations import link_id, merge_people, undo_merge_of_people
from keepwell.apps.customers.suggesting import suggestions
from keepwell.apps.customers.unresolved import look
from keepwell.apps.health.place import opened
from keepwell.apps.usage.models import SamePerson
from tests.apps.conftest import People

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def strange(company: Account) -> SourceId:
    """Rows of logins that name Acme by an address of its own."""
    table = lake_table("facts/logins")
    row = {
        "account": "www.acme.example",
        "unit": "u",
        "day": date(2026, 3, 1),
        "count": 9,
        "local_day": date(2026, 3, 1),
    }
    kept = pa.schema([one for one in table.schema() if one.name in row])
    table.append(pa.Table.from_pylist([row, row], schema=kept))
    contact = Contact.objects.create(account=company)
    PersonalData.objects.create(person=contact, name="Dora", email="dora@acme.example")
    assert look() == 1
    return SourceId.objects.get()


def logins_of(account: str) -> int:
    project = current_project()
    assert project is not None
    with opened(project) as data:
        rows = data.table("logins")
        return data.run(rows.filter(rows["account"] == account)).num_rows


@pytest.mark.slow
def test_an_id_is_found_with_its_rows_and_suggested_for_with_the_reason(strange: SourceId, people: People) -> None:
    assert (strange.source, strange.source_id, strange.rows) == ("logins", "www.acme.example", 2)
    assert strange.last_seen is not None
    assert strange.last_seen.date() == date(2026, 3, 1)
    found = suggestions(Person(people.admin), strange.source_id)
    assert found[0].account.pk == "acme"
    assert found[0].reason == "people there have addresses at acme.example"


@pytest.mark.slow
def test_a_name_that_is_like_the_id_is_suggested(company: Account, people: People) -> None:
    found = suggestions(Person(people.admin), "ACME_Incorporated")
    assert [one.account.pk for one in found] == []
    found = suggestions(Person(people.admin), "acme-co")
    assert [one.account.pk for one in found] == ["acme"]
    assert "alike" in found[0].reason


@pytest.mark.slow
def test_what_is_linked_counts_at_the_next_reading_and_no_longer_once_that_is_undone(
    strange: SourceId, as_admin: Client
) -> None:
    before = logins_of("acme")
    page = as_admin.get("/configure/identity/").content.decode()
    assert "Link with Acme Inc" in page
    assert as_admin.post(f"/configure/identity/{strange.pk}/link/", {"account": "acme"}).status_code == 302
    assert logins_of("acme") == before + 2
    assert look() == 0
    assert Change.objects.filter(action="linked id", account_id="acme").exists()
    assert as_admin.post(f"/configure/identity/{strange.pk}/undo/").status_code == 302
    assert logins_of("acme") == before
    assert look() == 1


@pytest.mark.slow
def test_an_id_becomes_an_account_of_its_own_or_is_ignored(strange: SourceId, as_admin: Client) -> None:
    as_admin.post(f"/configure/identity/{strange.pk}/ignore/")
    assert look() == 0
    as_admin.post(f"/configure/identity/{strange.pk}/create/", {"name": "Acme online"})
    assert Account.objects.get(pk="www.acme.example").name == "Acme online"
    assert not SourceId.objects.exists()
    assert "www.acme.example" in lake_table("facts/accounts").read(columns=["id"])["id"].to_pylist()


@pytest.mark.slow
def test_what_was_typed_wrong_stands_beside_its_field(strange: SourceId, as_admin: Client) -> None:
    answer = as_admin.post(f"/configure/identity/{strange.pk}/link/", {"account": "nowhere"})
    assert answer.status_code == 422
    assert "there is no account &#x27;nowhere&#x27;" in answer.content.decode()


@pytest.mark.slow
def test_identity_is_for_those_who_administer(
    strange: SourceId, people: People, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    for client in (as_owner, as_colleague, as_stranger):
        assert client.get("/configure/identity/").status_code == 403
        assert client.get("/api/v1/source-ids").status_code == 403
    with pytest.raises(Forbidden):
        link_id(actor=Person(people.owner), number=strange.pk, account_id="acme")


@pytest.mark.slow
def test_two_entries_of_a_person_become_one_and_two_again(company: Account, people: People, as_owner: Client) -> None:
    one, other = (Contact.objects.create(account=company) for _ in range(2))
    PersonalData.objects.create(person=one, name="Dora Doe", phone="123")
    PersonalData.objects.create(person=other, name="D. Doe", email="dora@acme.example")
    admin = Person(people.admin)
    merge_people(actor=admin, key=one.pk, into_key=other.pk)
    listed = as_owner.get("/api/v1/accounts/acme/people").json()
    assert [(each["name"], each["phone"]) for each in listed] == [("D. Doe", "123")]
    assert SamePerson.objects.get(key=one.pk).same_as == other.pk
    undo_merge_of_people(actor=admin, key=one.pk)
    assert len(as_owner.get("/api/v1/accounts/acme/people").json()) == 2
    assert PersonalData.objects.get(person=other).phone == ""
    assert not SamePerson.objects.exists()
    with pytest.raises(Forbidden):
        merge_people(actor=Person(people.owner), key=one.pk, into_key=other.pk)
