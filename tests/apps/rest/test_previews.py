"""What a draft would do, over the API."""

from __future__ import annotations

import pytest

from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller
from tests.apps.scored import FILES

pytestmark = pytest.mark.slow
CARD = FILES["card.yaml"]


@pytest.fixture
def mo(company: Account, people: People) -> Caller:
    return Caller(people.manager)


def drafted(caller: Caller, card: str) -> int:
    made = int(caller.post("/drafts", {"name": "Tried"}).json()["id"])
    assert caller.send("patch", f"/drafts/{made}/files", {"files": {"card.yaml": card}}).status_code == 200
    return made


def test_a_draft_tells_who_would_move(mo: Caller, people: People) -> None:
    draft = drafted(mo, CARD.replace("[10, 100]", "[40, 100]"))
    said = mo.get(f"/drafts/{draft}/effect").json()
    assert (said["state"], said["as_of"], said["effect"]["accounts"]) == ("ready", "2026-03-02", 6)
    effect = said["effect"]
    assert effect["moved"] == effect["up"] + effect["down"] + effect["other"] == len(effect["movers"]) > 0
    assert sum(one["after"] for one in effect["bands"]) == 6
    assert sum(one["before"] for one in effect["distribution"]) == 6
    for user in (people.owner, people.colleague, people.stranger):
        assert Caller(user).get(f"/drafts/{draft}/effect").status_code == 403


def test_what_hinders_a_preview_is_told(mo: Caller) -> None:
    broken = drafted(mo, CARD.replace("weight: 70", "weight: many"))
    said = mo.get(f"/drafts/{broken}/effect").json()
    assert (said["state"], said["issues"][0]["file"]) == ("invalid", "card.yaml")
    assert mo.get(f"/drafts/{broken}/backtest").json()["issues"]
    assert mo.get("/drafts/4711/effect").status_code == 404


def test_values_that_no_run_computed_are_asked_for_once(mo: Caller) -> None:
    draft = int(mo.post("/drafts", {"name": "Longer"}).json()["id"])
    files = {"metrics.yaml": FILES["metrics.yaml"].replace("days_active(), window: 14", "days_active(), window: 21")}
    mo.send("patch", f"/drafts/{draft}/files", {"files": files})
    assert mo.get(f"/drafts/{draft}/effect").json()["state"] == "missing"
    asked = mo.post(f"/drafts/{draft}/values")
    assert (asked.status_code, asked.json()["built"]["status"]) == (202, "waiting")
    assert "active_days" in asked.json()["detail"]
    again = mo.post(f"/drafts/{draft}/values").json()
    assert again["built"] == asked.json()["built"]


def test_without_outcomes_a_backtest_says_why_there_is_none(mo: Caller) -> None:
    draft = drafted(mo, CARD)
    said = mo.post(f"/drafts/{draft}/backtest")
    assert (said.status_code, said.json()["built"], said.json()["figures"]) == (202, None, None)
    assert "role: outcomes" in said.json()["why"]
