"""Rules ask advocates within the limits and take it back; the trend counts who left; the API does what pages do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person, System
from keepwell.apps.access.roles import PERMISSIONS, Role
from keepwell.apps.access.tokens import new_token
from keepwell.apps.advocacy.models import Activity, Request
from keepwell.apps.advocacy.operations.advocates import Profile, make_advocate
from keepwell.apps.advocacy.trend import trend
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import performer_of
from keepwell.errors import RequestRefused
from tests.apps.advocacy.conftest import Contacts
from tests.apps.conftest import People
from tests.apps.rules.effects import run_of

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC).date()


def effect(kind: str) -> Effect:
    return run_of(("ask_advocate", {"kind": kind, "text": "They speak well of us"})).effects.get()


def test_a_rule_asks_the_first_advocate_whom_nothing_stands_against(people: People, contacts: Contacts) -> None:
    performer = performer_of("ask_advocate")
    with pytest.raises(RequestRefused, match="the account has no active advocate"):
        performer.perform(effect("review"))
    for person, profile in ((contacts.dana, Profile(willing=["webinar"])), (contacts.eli, Profile())):
        make_advocate(actor=System("test"), account_id="acme", person=person.pk, profile=profile)
    asked = effect("review")
    asked.made = performer.perform(asked)
    request = Request.objects.get()
    assert (request.person, request.asker_name, request.origin) == (contacts.eli, "rule call_when_red", "rule")
    assert performer.undo(asked) == ""
    assert Request.objects.get().status == "withdrawn"
    assert "it stays" in performer.undo(asked)


def test_a_trend_says_why_there_is_none(people: People, contacts: Contacts) -> None:
    assert "no history of scores" in trend(Person(people.manager), 180).refused
    assert trend(Person(people.manager), 180).comparison is None


def test_the_api_logs_asks_finishes_and_decides(client: Client, people: People, contacts: Contacts) -> None:
    token = new_token(people.owner, "all", list(PERMISSIONS[Role.CSM]), None)[1]

    def call(method: str, path: str, **sent: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return getattr(client, method)(f"/api/v1/{path}", data=sent, content_type="application/json", headers=headers)

    who = {"account_id": "acme", "person": str(contacts.dana.pk)}
    asked = call("post", "advocacy/requests", kind="reference_call", deal="Brix", amount=50_000, **who).json()
    assert (asked["status"], asked["person"]) == ("asked", str(contacts.dana.pk))
    wrong = call("put", f"advocacy/requests/{asked['id']}/status", status="scheduled")
    assert wrong.status_code == 422
    assert "becomes agreed, declined, withdrawn" in wrong.content.decode()
    done = call("post", f"advocacy/requests/{asked['id']}/done", happened_on=str(TODAY), title="Call", deal="Brix",
                amount=50_000).json()  # fmt: skip
    assert call("post", "advocacy/deals/decide", deal="brix", result="won").json() == {"changed": 1}
    detail = call("get", f"advocacy/activities/{done['id']}").json()
    assert (detail["points"], detail["result"], detail["request"]) == (25, "won", asked["id"])
    assert detail["changes"][0]["before"]["result"] == "open"
    figures = call("get", "advocacy").json()
    assert (figures["year"]["won"], figures["deals"][0]["account_ids"]) == (50_000, ["acme"])
    beyond = call("post", "advocacy/requests", kind="reference_call", **who)
    assert beyond.status_code == 422
    assert "left in peace until" in beyond.content.decode()
    found = call("get", "advocacy/find?kind=review&words=arr 200k&everyone=true").json()
    assert found["condition"].startswith("arr between 100000 and 400000")
    assert {one["name"] for one in found["rows"]} == {"Dana", "Eli"}
    assert call("get", "advocacy/find?kind=review&everyone=true&where=arrr > 1").status_code == 422
    assert call("post", "accounts/zeta/advocacy", kind="review", happened_on=str(TODAY), title="x").status_code == 404
    late = str(TODAY + timedelta(days=1))
    assert call("post", "accounts/acme/advocacy", kind="review", happened_on=late, title="x").status_code == 422
    assert Activity.objects.count() == 1
