"""Ids in the data that lead to nobody: found, suggested for, linked, and let go again."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person, System
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.apps.customers.lake_writes import lake_table
from keepwell.apps.customers.models import Account, PersonalData, SourceId
from keepwell.apps.customers.models import Person as Contact
from keepwell.apps.customers.operations import link_id, merge_people, undo_merge_of_people
from keepwell.apps.customers.suggesting import suggestions
from keepwell.apps.customers.unresolved import look
from keepwell.apps.health.place import opened
from keepwell.apps.usage.models import SamePerson, SourcePerson
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


def published(more: str) -> None:
    version = current_version()
    assert version is not None
    publish(actor=System("tests"), files={**version.files, "more.yaml": more}, note="More")


def rows_of_events(*accounts: str) -> pa.Table:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return pa.table(
        {"account_id": list(accounts), "occurred_at": pa.array([at] * len(accounts), pa.timestamp("us", "UTC"))}
    )


LIVE = """
datasets:
  events: {table: keepwell.events, account: account_id, occurred_at: occurred_at}
  usage_daily: {table: keepwell.usage_daily, account: account_id, occurred_at: occurred_at}
"""


@pytest.mark.slow
def test_ids_of_events_are_found_and_decided_in_both_of_their_tables(company: Account, as_admin: Client) -> None:
    published(LIVE)
    lake_table("facts/keepwell.events").append(rows_of_events("acme.io", "acme.io", "acme"))
    lake_table("facts/keepwell.usage_daily").append(rows_of_events("acme.io"))
    assert look() == 2
    events = SourceId.objects.get(source="events")
    assert (events.source_id, events.rows) == ("acme.io", 2)
    as_admin.post(f"/configure/identity/{events.pk}/link/", {"account": "acme"})
    assert look() == 0
    project = current_project()
    assert project is not None
    with opened(project) as data:
        for name, expected in (("events", 3), ("usage_daily", 1)):
            rows = data.table(name)
            assert data.run(rows.filter(rows["account_id"] == "acme")).num_rows == expected
    as_admin.post(f"/configure/identity/{events.pk}/undo/")
    assert look() == 2


VIA = """
datasets:
  licences: {file: licences.csv, key: licence, account: account}
  devices: {file: devices.csv, account: {via: licences, on: licence}}
"""


@pytest.mark.slow
def test_keys_that_lead_to_no_row_of_the_dataset_between_are_listed(company: Account, as_admin: Client) -> None:
    published(VIA)
    lake_table("facts/devices").append(pa.table({"licence": ["l1", "l1", "l7"], "device": ["a", "b", "c"]}))
    assert look() == 0, "without the dataset between nothing is known"
    lake_table("facts/licences").append(pa.table({"licence": ["l1"], "account": ["acme"]}))
    assert look() == 1
    found = SourceId.objects.get()
    assert (found.source, found.source_id, found.rows) == ("devices", "l7", 1)
    page = as_admin.get("/configure/identity/").content.decode()
    assert "No row of licences has this key" in page
    assert "Or make an account called" not in page
    refused = as_admin.post(f"/configure/identity/{found.pk}/link/", {"account": "acme"})
    assert refused.status_code == 422
    assert "this is a key of licences" in refused.content.decode()
    lake_table("facts/licences").append(pa.table({"licence": ["l7"], "account": ["brix"]}))
    assert look() == 0


@pytest.mark.slow
def test_ids_that_sources_give_a_person_stand_with_them(
    company: Account, as_owner: Client, as_stranger: Client
) -> None:
    dora = Contact.objects.create(account=company)
    PersonalData.objects.create(person=dora, name="Dora Doe")
    SourcePerson.objects.create(kind="user", source_id="u-17", key=dora.pk)
    visitor = SourcePerson.objects.create(kind="anonymous", source_id="visitor-9", key=uuid.uuid4())
    SamePerson.objects.create(key=visitor.key, same_as=dora.pk)
    page = as_owner.get("/customers/acme/details/").content.decode()
    assert "2 ids in events" in page
    assert "u-17" in page
    listed = as_owner.get(f"/api/v1/people/{dora.pk}/source-ids").json()
    assert [(one["kind"], one["source_id"]) for one in listed] == [("user", "u-17"), ("anonymous", "visitor-9")]
    assert as_stranger.get(f"/api/v1/people/{dora.pk}/source-ids").status_code == 404
    assert as_stranger.get("/customers/acme/details/").status_code == 404
