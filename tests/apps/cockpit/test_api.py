"""The cockpit over the API: the same rules, once a key, problems with their place."""

from __future__ import annotations

import pytest

from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.customers.models import Account
from tests.apps.cockpit.opened import opened, publish_playbooks
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller, places

pytestmark = pytest.mark.slow
WANTED = {"type": "risk", "title": "Win back the sponsor", "reason": "champion_left", "priority": "high"}


def test_a_call_is_opened_once_a_key_and_once_a_reason(company: Account, people: People) -> None:
    caller = Caller(people.owner)
    first = caller.post("/accounts/acme/calls", WANTED, Idempotency_Key="a")
    again = caller.post("/accounts/acme/calls", WANTED, Idempotency_Key="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert CallToAction.objects.get().times_opened == 1
    updated = caller.post("/accounts/acme/calls", {**WANTED, "title": "Again"}, Idempotency_Key="b")
    assert (updated.status_code, updated.json()["was_open"]) == (200, True)
    assert CallToAction.objects.get().times_opened == 2


def test_it_is_worked_to_its_end(company: Account, people: People) -> None:
    publish_playbooks()
    caller = Caller(people.owner)
    call = caller.post("/accounts/acme/calls", {**WANTED, "playbook": "save_plan"}).json()
    assert call["tasks"][0]["title"] == "Call the sponsor"
    first, second, _ = (task["id"] for task in call["tasks"])
    assert places(caller.post(f"/calls/tasks/{second}/do")) == ["task"]
    refused = caller.post(f"/calls/{call['id']}/close", {"outcome": "succeeded"})
    assert (refused.status_code, places(refused)) == (422, ["outcome"])
    caller.post(f"/calls/tasks/{first}/do")
    caller.post(f"/calls/tasks/{second}/skip", {"reason": "Mo was ill"})
    closed = caller.post(f"/calls/{call['id']}/close", {"outcome": "succeeded", "note": "They stay"}).json()
    assert closed["status"] == "closed"
    assert [one["moment"] for one in closed["measurements"]] == ["opened", "closed", "30", "60", "90"]
    assert caller.get("/calls").json()["items"] == []
    assert [one["id"] for one in caller.get("/calls", status="all").json()["items"]] == [call["id"]]


def test_strangers_and_small_tokens_are_kept_out(company: Account, people: People) -> None:
    call = opened(people.owner)
    assert Caller(people.stranger).get(f"/calls/{call.pk}").status_code == 404
    reader = Caller(people.owner, [Permission.VIEW])
    assert reader.get(f"/calls/{call.pk}").status_code == 200
    assert reader.post(f"/calls/{call.pk}/comments", {"text": "Hello"}).status_code == 403
    assert Caller(people.colleague).get("/risks").json()["total"] == 1
    assert Caller(people.stranger).get("/risks").json()["total"] == 0


def test_the_first_ones_are_in_the_order_of_the_list(company: Account, people: People) -> None:
    for account in ("acme", "brix", "cato"):
        opened(people.owner, account)
    first = Caller(people.owner).get("/calls/first").json()
    values = [one["value_at_risk"] for one in first]
    assert values == sorted(values, reverse=True)
    assert all("at risk" in one["value_words"] for one in first)


def test_work_is_given_to_those_alone_who_see_the_account(company: Account, people: People) -> None:
    call = opened(people.owner)
    caller = Caller(people.owner)
    refused = caller.send("put", f"/calls/{call.pk}/owner", {"owner_id": people.stranger.pk})
    assert (refused.status_code, places(refused)) == (422, ["owner"])
    assert "Cyd does not see Acme Inc" in refused.json()["detail"]
    assert caller.send("put", f"/calls/{call.pk}/watchers/{people.stranger.pk}").status_code == 422
