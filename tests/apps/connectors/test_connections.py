"""Who makes connections, and what becomes of their secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person
from keepwell.apps.audit.models import Change
from keepwell.apps.connectors import queries
from keepwell.apps.connectors.models import Connection, Sync
from keepwell.apps.connectors.operations.connections import change_connection, make_connection, remove_connection
from keepwell.apps.connectors.secrets import opened, sealed
from keepwell.errors import FieldRefused, RequestRefused
from keepwell.server.environment import read_environment
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller
from tests.connect.served import Answer, always, served

pytestmark = pytest.mark.django_db
SECRET = "pat-0123456789-secret"


@pytest.fixture
def crm(people: People) -> Connection:
    said = {"token": SECRET, "address": "http://127.0.0.1:9"}
    return make_connection(actor=Person(people.admin), name="crm", kind="hubspot", said=said)


def everything() -> str:
    """All that the database holds of connections, and the audit."""
    with database.cursor() as cursor:
        cursor.execute("select row_to_json(c)::text from connectors_connection c")
        held = [row[0] for row in cursor.fetchall()]
        cursor.execute("select row_to_json(c)::text from audit_change c")
        return json.dumps([*held, *(row[0] for row in cursor.fetchall())])


def test_a_secret_is_encrypted_and_in_no_text(crm: Connection, as_admin: Client, people: People) -> None:
    assert SECRET not in everything()
    assert opened(crm.secrets) == {"token": SECRET}
    assert SECRET.encode() not in as_admin.get("/configure/connectors/crm/").content
    assert SECRET.encode() not in Caller(people.admin).get("/connections/crm").content
    assert SECRET not in repr(queries.settings_of(crm))


def test_the_audit_says_that_a_secret_was_entered_again_and_not_which(crm: Connection, people: People) -> None:
    said = {"token": "another-secret-token", "address": "http://127.0.0.1:9"}
    change_connection(actor=Person(people.admin), connection=crm, said=said)
    change = Change.objects.filter(object_kind="connection").latest("pk")
    assert change.after == {"secrets": "entered again"}
    assert "another-secret-token" not in everything()


def test_a_secret_that_is_left_empty_stays(crm: Connection, people: People) -> None:
    change_connection(actor=Person(people.admin), connection=crm,
                      said={"properties": "name", "address": "http://127.0.0.1:9"})  # fmt: skip
    crm.refresh_from_db()
    assert opened(crm.secrets) == {"token": SECRET}


def test_another_address_does_not_get_the_secret_of_the_one_before(crm: Connection, people: People) -> None:
    with pytest.raises(FieldRefused, match="Access token is needed again: the address changed"):
        change_connection(actor=Person(people.admin), connection=crm, said={"address": "https://thief.example"})


def test_secrets_of_another_key_are_said_to_be_so(crm: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.SECRET_KEY", "another key of at least thirty-two characters")
    with pytest.raises(RequestRefused, match="another KEEPWELL_SECRET_KEY"):
        opened(crm.secrets)
    assert sealed({}) == ""


def test_a_failing_check_says_what_the_other_side_said_without_the_secret(
    as_admin: Client, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    with served(always(Answer({"message": f"token {SECRET} is no good"}, 401))) as place, caplog.at_level(1):
        said = {"token": SECRET, "address": place.address}
        make_connection(actor=Person(people.admin), name="bad", kind="hubspot", said=said)
        as_admin.post("/configure/connectors/bad/check/")
    found = Connection.objects.get(name="bad")
    assert found.check_failed
    assert "401: it does not take the credentials" in found.check_says
    assert SECRET not in everything() + caplog.text
    assert SECRET.encode() not in as_admin.get("/configure/connectors/bad/").content


def test_only_those_who_administer_make_connections(people: People) -> None:
    for user in (people.owner, people.colleague, people.stranger, people.manager):
        with pytest.raises(Forbidden):
            make_connection(actor=Person(user), name="x", kind="files", said={"place": "/x"})


def test_managers_see_connections_without_a_form_and_csms_do_not(
    crm: Connection, as_owner: Client, as_colleague: Client, as_stranger: Client, as_manager: Client
) -> None:
    for client in (as_owner, as_colleague, as_stranger):
        assert client.get("/configure/connectors/crm/").status_code == 403
    page = as_manager.get("/configure/connectors/crm/").content.decode()
    assert "http://127.0.0.1:9" in page
    assert 'name="token"' not in page
    assert as_manager.post("/configure/connectors/crm/", {"token": "x"}).status_code == 403


def test_a_form_that_is_wrong_keeps_what_was_typed_and_says_what_is_missing(as_admin: Client) -> None:
    page = as_admin.post("/configure/connectors/new/zendesk/", {"name": "Desk", "address": "https://a.example"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "https://a.example" in text
    assert "This field is required" in text


def test_a_connection_is_made_and_checked_in_the_browser(as_admin: Client) -> None:
    with served(always(Answer({"results": []}))) as place:
        answer = as_admin.post(
            "/configure/connectors/new/hubspot/", {"name": "crm", "token": SECRET, "address": place.address}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/configure/connectors/crm/")
        assert "takes the credentials" in as_admin.get("/configure/connectors/crm/").content.decode()
        streams = as_admin.get("/configure/connectors/crm/streams/").content.decode()
    assert "Sync companies" in streams


def test_a_private_address_is_refused_unless_it_is_allowed(people: People, as_admin: Client) -> None:
    make_connection(actor=Person(people.admin), name="inside", kind="rest", said={
        "address": "http://169.254.169.254/latest", "declaration": "resources: [{name: things}]",
    })  # fmt: skip
    as_admin.post("/configure/connectors/inside/check/")
    assert "inside a private network" in Connection.objects.get(name="inside").check_says


def test_a_connection_that_is_used_stays(tickets: Sync, people: People) -> None:
    with pytest.raises(FieldRefused, match="calls use this connection"):
        remove_connection(actor=Person(people.admin), connection=tickets.connection)


def test_the_api_makes_changes_and_removes(people: People) -> None:
    caller = Caller(people.admin)
    sent: dict[str, Any] = {"name": "crm", "kind": "hubspot", "settings": {"token": SECRET}}
    made = caller.post("/connections", sent)
    assert made.status_code == 201
    assert made.json()["settings"] == {"address": "https://api.hubapi.com"}
    assert made.json()["has_secrets"]
    assert caller.post("/connections", {**sent, "name": "b", "settings": {"tokn": "x"}}).status_code == 422
    assert Caller(people.manager).post("/connections", {**sent, "name": "c"}).status_code == 403
    assert caller.send("delete", "/connections/crm").status_code == 204
    assert caller.get("/connections/crm").status_code == 404


def test_what_may_be_called_and_read_is_a_setting(tmp_path: Path) -> None:
    variables = {"DATABASE_URL": "postgresql://a@/b?host=/c", "KEEPWELL_DATA_DIR": str(tmp_path)}
    allowed = {"KEEPWELL_OUTGOING": "10.0.0.0/8, db.internal", "KEEPWELL_FOLDERS": str(tmp_path)}
    found = read_environment({**variables, **allowed})
    assert (found.outgoing, found.folders) == (("10.0.0.0/8", "db.internal"), (str(tmp_path),))
    with pytest.raises(RequestRefused, match="KEEPWELL_FOLDERS names 'nowhere': give folders that are there"):
        read_environment({**variables, "KEEPWELL_FOLDERS": "nowhere"})
