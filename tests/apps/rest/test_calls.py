"""What every call goes through: who calls, scopes, problems, limits, keys that make a call happen once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.models import ApiToken
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.models import Change
from keepwell.apps.customers.models import Account, AccountList, Person
from keepwell.apps.health.models import Entry
from keepwell.apps.rest.models import KeptAnswer
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller, places

ENTER = "/accounts/acme/entered-scores/executive_relationship"


@pytest.mark.slow
def test_without_a_token_or_with_a_wrong_one_one_is_asked_who_one_is(company: Account) -> None:
    for headers in ({}, {"Authorization": "Bearer kw_no_thing"}, {"Authorization": "Bearer é"}):
        answer = Client().get("/api/v1/accounts", headers=headers)
        assert (answer.status_code, answer["WWW-Authenticate"][:6]) == (401, "Bearer")
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.slow
def test_owner_and_colleague_see_the_account_and_a_stranger_does_not(company: Account, people: People) -> None:
    for user in (people.owner, people.colleague):
        assert Caller(user).get("/accounts/acme").json()["name"] == "Acme Inc"
    answer = Caller(people.stranger).get("/accounts/acme")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:keepwell:problem:not-found")
    assert [one["id"] for one in Caller(people.stranger).get("/accounts").json()["items"]] == ["zeta"]


def test_a_token_does_no_more_than_its_scopes(company: Account, people: People) -> None:
    reading = Caller(people.manager, [Permission.VIEW])
    assert reading.get("/accounts/acme").status_code == 200
    answer = reading.post(ENTER, {"score": 60})
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "Mo may not change this; ask an admin for another role",
    )
    assert reading.get("/me").json()["may"] == ["view"]


def test_a_token_does_no_more_than_its_users_role(company: Account, people: People) -> None:
    caller = Caller(people.manager)
    people.manager.role = "viewer"
    people.manager.save()
    assert caller.post(ENTER, {"score": 60}).status_code == 403


def test_a_token_that_ended_is_nobody(company: Account, people: People) -> None:
    caller = Caller(people.owner)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert caller.get("/me").status_code == 401


@pytest.mark.slow
def test_a_session_reads_and_writes_with_the_token_of_its_forms(company: Account, people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.owner)
    assert client.get("/api/v1/me").json()["email"] == "ada@test.example"
    sent: dict[str, Any] = {"data": {"score": 60}, "content_type": "application/json"}
    answer = client.post(f"/api/v1{ENTER}", **sent)
    assert (answer.status_code, "X-CSRFToken" in answer.json()["detail"]) == (403, True)
    client.get("/customers/")
    token = client.cookies["csrftoken"].value
    assert client.post(f"/api/v1{ENTER}", headers={"X-CSRFToken": token}, **sent).status_code == 201


@pytest.mark.slow
def test_what_the_api_changes_is_audited_as_such(company: Account, people: People) -> None:
    assert Caller(people.owner).post(ENTER, {"score": 60}).status_code == 201
    change = Change.objects.latest("pk")
    assert (change.actor, change.origin, change.action) == ("Ada", "api", "scored")


def test_problems_say_where(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    assert places(ada.post(ENTER, {"score": 101, "comments": "x"})) == ["body.sent.score", "body.sent.comments"]
    assert places(ada.get("/accounts", limit=0)) == ["query.limit"]
    assert places(ada.get("/accounts", where="scor < 3")) == ["query.where"]
    assert places(ada.get("/accounts", arr_from="much")) == ["query.arr_from"]
    assert places(ada.get("/timeline", cursor="nonsense")) == ["query.cursor"]
    assert ada.post(ENTER, "{").json()["status"] in (400, 422)


def test_unknown_addresses_and_methods_are_problems_too(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    for answer, status in ((ada.get("/nothing"), 404), (ada.send("delete", "/me"), 405), (Client().get("/api/x"), 404)):
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert answer["Content-Type"] == "application/problem+json"
    assert "GET" in ada.send("delete", "/me")["Allow"]


def test_zero_characters_are_refused_wherever_they_stand(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    assert ada.post(ENTER, {"score": 60, "comment": "a\x00b"}).status_code == 422
    assert ada.get("/accounts", q="\x00").status_code == 422
    assert ada.get("/accounts/%00").status_code == 422


def test_a_fault_tells_nothing_of_itself(
    company: Account, people: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: Any) -> str:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("keepwell.apps.access.actors.Person.may", broken)
    answer = Caller(people.owner).get("/me")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "secret of the house" not in answer.content.decode()
    assert "the secret of the house" in caplog.text or "failed" in caplog.text


def test_calls_are_counted_and_too_many_have_to_wait(company: Account, people: People, settings: Any) -> None:
    settings.API_PER_MINUTE = 2
    ada, bea = Caller(people.owner), Caller(people.colleague)
    first, second, third = (ada.get("/me") for _ in range(3))
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"], second["RateLimit-Remaining"]) == ("2", "1", "0")
    assert (third.status_code, third["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(third["Retry-After"]) <= 60
    assert bea.get("/me").status_code == 200


@pytest.mark.slow
def test_a_key_makes_a_call_happen_once(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    first = ada.post(ENTER, {"score": 60}, Idempotency_Key="one")
    again = ada.post(ENTER, {"score": 60}, Idempotency_Key="one")
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert Entry.objects.count() == 1
    other = ada.post(ENTER, {"score": 100}, Idempotency_Key="one")
    assert (other.status_code, other.json()["type"]) == (422, "urn:keepwell:problem:key-reused")
    assert Caller(people.colleague).post(ENTER, {"score": 100}, Idempotency_Key="one").status_code == 201


@pytest.mark.slow
def test_a_key_of_yesterday_is_free_again(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    ada.post(ENTER, {"score": 60}, Idempotency_Key="one")
    KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert ada.post(ENTER, {"score": 100}, Idempotency_Key="one").status_code == 201


@pytest.mark.slow
def test_what_was_refused_may_be_sent_anew_with_its_key(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    assert ada.post(ENTER, {"score": 101}, Idempotency_Key="one").status_code == 422
    assert ada.post(ENTER, {"score": 60}, Idempotency_Key="one").status_code == 201


def test_a_secret_is_not_kept_with_its_answer(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    made = ada.post("/tokens", {"name": "export", "scopes": ["view"]}, Idempotency_Key="one")
    assert made.json()["secret"].startswith("kw_")
    assert ada.post("/tokens", {"name": "export", "scopes": ["view"]}, Idempotency_Key="one").status_code == 409
    assert ApiToken.objects.filter(name="export").count() == 1
    assert made.json()["secret"].encode() not in bytes(KeptAnswer.objects.get().body)


def test_pages_follow_one_another(company: Account, people: People) -> None:
    caller, found, cursor = Caller(people.admin), [], ""
    for _ in range(6):
        page = caller.get("/accounts", limit=2, cursor=cursor, sort="name").json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"] or ""
        if not cursor:
            break
    assert found == ["acme", "brix", "cato", "dune", "eyre", "zeta"]


def test_filters_are_those_of_the_page(company: Account, people: People) -> None:
    caller = Caller(people.admin)
    assert [one["id"] for one in caller.get("/accounts", where="arr >= 100000 and score > 10").json()["items"]] == [
        "acme",
        "brix",
    ]
    assert caller.get("/totals/accounts", csm="me").json() == {"total": 0, "exact": True}
    assert [one["id"] for one in caller.get("/accounts", label="red").json()["items"]][-1] == "zeta"


@pytest.mark.slow
def test_lists_hold_accounts_that_one_sees(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    made = ada.post("/lists", {"name": "References"}).json()
    assert ada.post(f"/lists/{made['id']}/add", {"account_ids": ["acme", "cato"]}).json() == {"changed": 2}
    assert ada.post(f"/lists/{made['id']}/add", {"account_ids": ["acme", "zeta"]}).status_code == 404
    assert [one["id"] for one in ada.get(f"/lists/{made['id']}/accounts").json()["items"]] == ["acme", "cato"]
    assert Caller(people.stranger).get(f"/lists/{made['id']}/accounts").json()["items"] == []
    assert Caller(people.colleague).send("delete", f"/lists/{made['id']}").status_code == 403
    assert ada.send("delete", f"/lists/{made['id']}").status_code == 204
    assert not AccountList.objects.exists()


@pytest.mark.slow
def test_people_are_added_changed_and_erased(company: Account, people: People) -> None:
    ada = Caller(people.owner)
    made = ada.post("/accounts/acme/people", {"name": "Dora", "email": "dora@acme.example"}).json()
    assert ada.send("put", f"/people/{made['key']}", {"name": "Dora Doe"}).json()["name"] == "Dora Doe"
    assert Caller(people.stranger).get(f"/people/{made['key']}").status_code == 404
    assert ada.send("delete", f"/people/{made['key']}/personal-data").status_code == 403
    assert Caller(people.admin).send("delete", f"/people/{made['key']}/personal-data").status_code == 204
    assert ada.get(f"/people/{made['key']}").json()["name"] == ""
    assert Person.objects.count() == 1


@pytest.mark.slow
def test_a_draft_is_saved_only_by_who_saw_it_last(company: Account, people: People) -> None:
    mo, ari = Caller(people.manager), Caller(people.admin)
    made = mo.post("/drafts", {"name": "Lighter"})
    path, mark = f"/drafts/{made.json()['id']}/files", made["ETag"]
    files = {**made.json()["files"], "segments.yaml": made.json()["files"]["segments.yaml"] + "  small: arr < 1\n"}
    assert mo.send("put", path, {"files": files}).status_code == 428
    saved = ari.send("put", path, {"files": files}, If_Match=mark)
    assert (saved.status_code, saved["ETag"] != mark) == (200, True)
    late = mo.send("put", path, {"files": {}}, If_Match=mark)
    assert (late.status_code, late.json()["files"], "Ari" in late.json()["detail"]) == (412, files, True)
    assert "small" in mo.get(f"/drafts/{made.json()['id']}/difference").content.decode()
    assert Caller(people.owner).get("/drafts").status_code == 403


def test_refused_definitions_come_with_every_issue(company: Account, people: People) -> None:
    mo = Caller(people.manager)
    made = mo.post("/drafts", {"name": "Broken"})
    path = f"/drafts/{made.json()['id']}"
    broken = {"metrics.yaml": "metrics:\n  a: {dataset: nowhere, aggregate: count()}\n  b: {}\n"}
    assert mo.send("patch", f"{path}/files", {"files": broken}).status_code == 200
    answer = mo.post(f"{path}/publish", {"note": "Try"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:keepwell:problem:definitions")
    assert len(places(answer)) >= 2
    assert any(place.startswith("metrics.yaml:") for place in places(answer))
