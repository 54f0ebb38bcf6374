"""Sending in pages and over the API, and asking inside a product."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.tokens import new_token
from keepwell.apps.customers.models import Person
from keepwell.apps.surveys.models import Invitation, Refusal, SurveySend
from keepwell.apps.surveys.respondents.in_product import signature_of
from keepwell.apps.surveys.sending.inviting import carry_out
from keepwell.apps.surveys.tokens import hash_of
from keepwell.apps.usage.models import SourcePerson, WriteKey
from tests.apps.conftest import People
from tests.apps.surveys.conftest import SURVEY, invited, publish_survey

pytestmark = pytest.mark.slow


def test_a_manager_sees_whom_it_would_ask_and_asks_them(contacts: dict[str, Person], as_manager: Client) -> None:
    page = as_manager.get("/surveys/pulse/send/").content.decode()
    assert "Whom it would ask now" in page
    plan = as_manager.get("/surveys/pulse/send/plan/").content.decode()
    assert "3 of 5 people" in plan
    assert "The account is not in the audience" in plan
    assert "Ann" in plan
    assert "Ask 3 people" in plan
    for _ in range(2):
        as_manager.post("/surveys/pulse/send/", {"once": "one click"})
    row = carry_out(SurveySend.objects.get().pk)
    page = as_manager.get("/surveys/pulse/send/").content.decode()
    assert "asked for by Mo" in page
    lines = b"".join(as_manager.get(f"/surveys/pulse/send/{row.pk}/links.csv").streaming_content).decode().splitlines()
    assert len(lines) == 4
    token = lines[1].rpartition("/")[2]
    assert Invitation.objects.filter(token_hash=hash_of(token)).exists()


def test_a_manager_of_some_accounts_sees_and_asks_people_there_alone(
    contacts: dict[str, Person], people: People, as_manager: Client
) -> None:
    people.manager.reach, people.manager.segments = "segment", ["large"]
    people.manager.save()
    plan = as_manager.get("/surveys/pulse/send/plan/").content.decode()
    assert "of 4 people" in plan
    assert "Zoe" not in plan


def test_links_for_anybody_are_added_and_closed(contacts: dict[str, Person], as_manager: Client) -> None:
    as_manager.post("/surveys/pulse/links/add/", {"title": "Fair <b>", "account": "acme"})
    page = as_manager.get("/surveys/pulse/send/").content.decode()
    assert "Fair &lt;b&gt;" in page
    assert "/s/a/" in page
    refused = as_manager.post("/surveys/pulse/links/add/", {"title": "x" * 101}, follow=True).content.decode()
    assert "at most 100 characters" in refused.lower()


@pytest.fixture
def api(people: People) -> dict[str, str]:
    token = new_token(people.manager, "t", ["view", "write", "send"], None)[1]
    return {"Authorization": f"Bearer {token}"}


def call(path: str, headers: dict[str, str], body: object = None, **more: str) -> object:
    client = Client()
    if body is None:
        return client.get(f"/api/v1{path}", headers={**headers, **more}).json()
    return client.post(
        f"/api/v1{path}", json.dumps(body), content_type="application/json", headers={**headers, **more}
    ).json()


def test_the_api_plans_sends_lists_and_stops(contacts: dict[str, Person], api: dict[str, str]) -> None:
    plan = call("/surveys/pulse/plan?account=acme", api)
    assert (plan["asked"], plan["considered"], plan["by_channel"]) == (2, 2, {"email": 2})  # type: ignore[index]
    once = {"Idempotency-Key": "abc"}
    sent = [call("/surveys/pulse/sends", api, {"accounts": ["acme"]}, **once) for _ in range(2)]
    assert sent[0] == sent[1]
    carry_out(SurveySend.objects.get().pk)
    listed = call("/surveys/pulse/sends", api)["items"]  # type: ignore[index]
    assert [(one["asked"], one["status"]) for one in listed] == [(2, "sending")]
    asked = call("/surveys/pulse/invitations", api)["items"]  # type: ignore[index]
    assert {one["account_id"] for one in asked} == {"acme"}
    assert Client().get(asked[0]["link"].partition("localhost:8000")[2]).status_code == 200
    assert call(f"/survey-sends/{listed[0]['id']}/stop", api, {}) == {"changed": 2}
    assert call("/surveys/nothing/plan", api)["status"] == 404  # type: ignore[index]


def test_bounces_and_refusals_over_the_api(contacts: dict[str, Person], api: dict[str, str]) -> None:
    invited(contacts["Ann"])
    body = {"bounces": [{"address": "ANN@acme.example", "detail": "550"}, {"address": "nobody@x.example"}]}
    assert call("/survey-bounces", api, body) == {"changed": 1}
    key = contacts["Ann"].pk
    assert [one["kind"] for one in call(f"/people/{key}/refusals", api)] == ["bounced"]  # type: ignore[union-attr]
    assert call(f"/people/{key}/stop-asking", api, {"detail": "said so on the phone"}) == {"changed": 1}
    assert call(f"/people/{key}/ask-again", api, {}) == {"changed": 2}
    assert not Refusal.objects.filter(lifted_at=None, person=key).exists()
    assert call("/survey-bounces", api, {"bounces": [{"address": "none"}]})["status"] == 422  # type: ignore[index]


@pytest.fixture
def write_key(contacts: dict[str, Person]) -> WriteKey:
    for name in ("Art", "Zoe"):
        SourcePerson.objects.create(kind="user", source_id=name.lower(), key=contacts[name].pk)
    return WriteKey.objects.create(name="web", origins=["https://app.example.com"])


def asked(key: WriteKey, user: str, signature: str | None = None, origin: str = "https://app.example.com") -> object:
    sent = {"writeKey": key.key, "user": user, "signature": signature or signature_of(key, user)}
    return Client().post("/s/ask", json.dumps(sent), content_type="text/plain", headers={"Origin": origin})


def test_a_product_asks_its_user_once_and_learns_nothing_of_others(write_key: WriteKey) -> None:
    found = asked(write_key, "art")
    assert found["Access-Control-Allow-Origin"] == "https://app.example.com"  # type: ignore[index]
    link = found.json()["link"]  # type: ignore[attr-defined]
    page = Client().get(link.partition("localhost:8000")[2])
    assert "frame-ancestors https://app.example.com" in page["Content-Security-Policy"]
    assert Invitation.objects.get().channel == "in_product"
    again, nobody, outside = asked(write_key, "art"), asked(write_key, "nobody"), asked(write_key, "zoe")
    forged = asked(write_key, "art", "0" * 64)
    assert {one.content for one in (again, nobody, outside, forged)} == {b'{"link": null}'}  # type: ignore[attr-defined]
    assert "Access-Control-Allow-Origin" not in asked(write_key, "art", origin="https://evil.example").headers  # type: ignore[attr-defined]
    assert asked(write_key, "art", origin="https://evil.example").json() == {"link": None}  # type: ignore[attr-defined]
    assert Client().post("/s/ask", b"\xff{", content_type="text/plain").json() == {"link": None}
    assert Invitation.objects.count() == 1


def test_inside_the_product_nobody_is_asked_who_was_asked_by_letter(
    contacts: dict[str, Person], write_key: WriteKey
) -> None:
    publish_survey(SURVEY + SURVEY.partition("\n")[2].replace("pulse:", "other:"))
    invited(contacts["Art"], asked_at=timezone.now())
    assert asked(write_key, "art").json() == {"link": None}  # type: ignore[attr-defined]
