"""Scores written to other places: what is sent and not sent again, who is told, what a killed sending leaves."""

from __future__ import annotations

import csv
import hashlib
import hmac
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client

from keepwell.apps.access.actors import Forbidden, Person
from keepwell.apps.connectors.models import Connection, Export, Sending, SentRow, Status
from keepwell.apps.connectors.operations.connections import make_connection
from keepwell.apps.connectors.operations.exports import ask_sending, make_export
from keepwell.apps.connectors.pulling import TryLater
from keepwell.apps.connectors.sending import carry_out
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.notices.models import Notice
from tests.apps.conftest import People
from tests.apps.connectors.conftest import SYSTEM
from tests.apps.rest.calling import Caller
from tests.connect.served import Answer, Call, always, served

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-the-webhook"
SIX = ["acme", "brix", "cato", "dune", "eyre", "zeta"]


def send(export: Export, *, everything: bool = False) -> Sending:
    asked = ask_sending(actor=SYSTEM, export=export, everything=everything)
    carry_out(Sending.objects.select_related("export", "export__connection").get(pk=asked.pk))
    return Sending.objects.get(pk=asked.pk)


def made(people: People, target: str, connection: Connection | None, **said: str) -> Export:
    return make_export(actor=Person(people.admin), name=f"to-{target}", target=target, connection=connection, said=said)


def move(account: str) -> None:
    CurrentHealth.objects.filter(account_id=account).update(score=12.5)


@pytest.mark.slow
def test_a_file_holds_every_account_and_then_what_changed(
    company: Account, files: Connection, people: People, exchange: Path
) -> None:
    export = made(people, "files", files, file="out/scores")
    first = send(export)
    assert (first.status, first.rows_sent, first.rows_unchanged) == (Status.DONE, 6, 0)
    with (exchange / "out/scores.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == SIX
    assert float(rows[0]["score"]) == CurrentHealth.objects.get(pk="acme").score
    assert send(export).rows_unchanged == 6
    move("cato")
    again = send(export)
    assert (again.rows_sent, again.rows_unchanged) == (1, 5)
    assert [path.name for path in (exchange / "out").iterdir()] == ["scores.csv"]
    assert send(export, everything=True).rows_sent == 6


@pytest.mark.slow
def test_a_file_can_be_parquet(company: Account, files: Connection, people: People, exchange: Path) -> None:
    send(made(people, "files", files, file="scores", format="parquet"))
    assert pq.read_table(exchange / "scores.parquet")["id"].to_pylist() == SIX


@pytest.mark.slow
def test_a_webhook_is_signed_and_says_the_same_name_when_it_is_tried_again(company: Account, people: People) -> None:
    with served(always(Answer({}))) as place:
        place.once("/hook", Answer({}, 429, {"Retry-After": "1"}))
        export = made(people, "webhook", None, url=f"{place.address}/hook", secret=SECRET)
        assert send(export).rows_sent == 6
        refused, taken = place.calls
    assert taken.at - refused.at >= 1
    assert refused.headers["Keepwell-Delivery"] == taken.headers["Keepwell-Delivery"]
    moment, body = taken.headers["Keepwell-Timestamp"], taken.raw
    digest = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert taken.headers["Keepwell-Signature"] == f"v1={digest}"
    assert [row["id"] for row in taken.body["rows"]] == SIX


def test_a_webhook_that_refuses_is_said_once_to_admins(company: Account, people: People) -> None:
    with served(always(Answer({"no": "way"}, 400))) as place:
        sending = send(made(people, "webhook", None, url=place.address, secret=SECRET))
    assert (sending.status, sending.rows_sent) == (Status.FAILED, 0)
    assert sending.error == "the webhook answered 400"
    assert Notice.objects.filter(user=people.admin, text__contains="to-webhook failed").count() == 1
    assert not SentRow.objects.exists()


@pytest.mark.slow
def test_a_webhook_that_is_down_is_tried_three_times(company: Account, people: People) -> None:
    with served(always(Answer({}, 503, {"Retry-After": "0"}))) as place:
        export = made(people, "webhook", None, url=place.address, secret=SECRET)
        sending = ask_sending(actor=SYSTEM, export=export)
        for _ in range(2):
            with pytest.raises(TryLater):
                carry_out(Sending.objects.get(pk=sending.pk))
        carry_out(Sending.objects.get(pk=sending.pk))
    assert Sending.objects.get(pk=sending.pk).status == Status.FAILED


def test_a_sending_that_was_killed_goes_on_with_what_was_not_taken(company: Account, people: People) -> None:
    with served(always(Answer({}))) as place:
        export = made(people, "webhook", None, url=place.address, secret=SECRET)
        sending = ask_sending(actor=SYSTEM, export=export, everything=True)
        SentRow.objects.bulk_create(
            [SentRow(export=export, account_id=one, digest="x", sending=sending) for one in SIX[:4]]
        )
        Sending.objects.filter(pk=sending.pk).update(status=Status.RUNNING, attempt=1)
        carry_out(Sending.objects.get(pk=sending.pk))
        taken = [[row["id"] for row in call.body["rows"]] for call in place.calls]
    assert taken == [SIX[4:]]


def crm(people: People, kind: str, address: str) -> Connection:
    said = {"address": address, "client_id": "app", "client_secret": "hush-hush-hush"}
    said = said if kind == "salesforce" else {"address": address, "token": "hush-hush-hush"}
    return make_connection(actor=Person(people.admin), name="crm", kind=kind, said=said)


@pytest.mark.slow
def test_a_field_of_salesforce_is_updated_and_what_is_refused_is_told(company: Account, people: People) -> None:
    def salesforce(call: Call) -> Answer:
        if call.path.endswith("oauth2/token"):
            return Answer({"access_token": "t"})
        assert (call.method, call.path) == ("PATCH", "/services/data/v62.0/composite/sobjects")
        assert call.body["allOrNone"] is False
        errors = [{"statusCode": "INVALID_FIELD", "message": "no such field"}]
        ids = [one["id"] for one in call.body["records"]]
        return Answer([{"id": one, "success": one != "dune", "errors": errors if one == "dune" else []} for one in ids])

    with served(salesforce) as place:
        export = made(people, "field", crm(people, "salesforce", place.address),
                      fields="score = Health_Score__c\nlabel = Health__c")  # fmt: skip
        sending = send(export)
        sent = place.calls[-1].body["records"][0]
        again = send(export)
    assert sent["attributes"] == {"type": "Account"}
    assert set(sent) == {"attributes", "id", "Health_Score__c", "Health__c"}
    assert (sending.rows_sent, sending.rows_refused) == (5, 1)
    assert sending.refused == [{"account": "dune", "reason": "no such field"}]
    assert (again.rows_unchanged, again.rows_refused) == (5, 1), "what was refused is tried again"


@pytest.mark.slow
def test_a_property_of_hubspot_goes_by_an_attribute_of_the_account(company: Account, people: People) -> None:
    Account.objects.filter(pk="acme").update(attributes={"hubspot": "901"})

    def hubspot(call: Call) -> Answer:
        return Answer({"status": "COMPLETE", "results": call.body["inputs"]})

    with served(hubspot) as place:
        export = made(people, "field", crm(people, "hubspot", place.address), fields="score = health",
                      record_id="hubspot")  # fmt: skip
        sending = send(export)
        call = place.calls[-1]
    assert call.path == "/crm/v3/objects/companies/batch/update"
    score = CurrentHealth.objects.get(pk="acme").score
    assert call.body == {"inputs": [{"id": "901", "properties": {"health": score}}]}
    assert (sending.rows_sent, sending.rows_refused) == (1, 5)


def test_only_those_who_administer_say_where_scores_go(people: People, as_manager: Client, as_owner: Client) -> None:
    for user in (people.owner, people.colleague, people.stranger, people.manager):
        with pytest.raises(Forbidden):
            make_export(actor=Person(user), name="x", target="webhook", connection=None, said={})
    assert as_manager.get("/configure/write-back/").status_code == 200
    assert as_owner.get("/configure/write-back/").status_code == 403
    assert as_manager.get("/configure/write-back/new/webhook/").status_code == 403


@pytest.mark.slow
def test_a_write_back_is_made_in_the_browser_and_shows_no_secret(company: Account, as_admin: Client) -> None:
    typed = {"name": "hook", "url": "https://hook.example/in", "secret": SECRET, "columns": ["id", "score"],
             "only_changes": "on", "schedule": "daily at 05:00"}  # fmt: skip
    short = as_admin.post("/configure/write-back/new/webhook/", {**typed, "secret": "short"})
    assert short.status_code == 422
    assert "at least 16 characters" in short.content.decode()
    answer = as_admin.post("/configure/write-back/new/webhook/", typed)
    assert (answer.status_code, answer["Location"]) == (302, "/configure/write-back/hook/")
    page = as_admin.get("/configure/write-back/hook/").content.decode()
    assert "daily at 05:00" in page
    assert SECRET not in page
    assert Export.objects.get().next_at is not None
    changed = {key: value for key, value in typed.items() if key not in ("name", "secret")}
    elsewhere = as_admin.post("/configure/write-back/hook/", {**changed, "url": "https://thief.example"})
    assert "Secret is needed" in elsewhere.content.decode(), "another address does not get the secret"


def test_the_api_sends_and_tells(company: Account, people: People) -> None:
    caller = Caller(people.admin)
    sent: dict[str, Any] = {"name": "hook", "target": "webhook",
                            "settings": {"url": "https://hook.example", "secret": SECRET}}  # fmt: skip
    assert caller.post("/exports", sent).json()["settings"] == {"url": "https://hook.example"}
    answer = Caller(people.manager).post("/exports/hook/sendings", {"everything": True})
    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    assert len(caller.get("/exports/hook/sendings").json()["items"]) == 1
    assert caller.post("/exports", {**sent, "name": "b", "columns": ["arrr"]}).status_code == 422
