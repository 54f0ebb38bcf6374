"""Scores over the API: what stands, history, the explanation, attribution, rows, and what people enter."""

from __future__ import annotations

import pytest

from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller, places


@pytest.fixture
def ada(company: Account, people: People) -> Caller:
    return Caller(people.owner)


def test_contributions_sum_to_the_score(ada: Caller) -> None:
    said = ada.get("/accounts/acme/explanation").json()
    measures = [one for group in said["groups"] for one in group["measures"]]
    assert sum(one["contribution"] or 0 for one in measures) == pytest.approx(said["computed"])
    assert said["waterfall"][-1]["after"] == pytest.approx(said["final"])
    assert ada.get("/accounts/acme/score").json()["score"] == pytest.approx(said["final"])


@pytest.mark.slow
def test_parts_of_a_change_sum_to_it(ada: Caller) -> None:
    said = ada.get("/accounts/acme/attribution", **{"from": "2026-02-23", "to": "2026-03-02"}).json()
    assert sum(part["change"] for part in said["parts"]) == pytest.approx(said["change"])
    assert ada.get("/accounts/acme/attribution").json() == said
    wrong = ada.get("/accounts/acme/attribution", **{"from": "2026-02-24"})
    assert (wrong.status_code, "2026-02-23" in wrong.json()["detail"]) == (422, True)


@pytest.mark.slow
def test_history_is_read_as_it_was_shown_and_as_restated(ada: Caller) -> None:
    for basis in ("as_shown", "restated"):
        said = ada.get("/accounts/acme/history", basis=basis).json()
        assert [one["as_of"] for one in said] == ["2026-02-23", "2026-03-02"]
    assert len(ada.get("/accounts/acme/history", since="2026-03-01").json()) == 1


@pytest.mark.slow
def test_a_metric_goes_down_to_its_rows(ada: Caller) -> None:
    said = ada.get("/accounts/acme/metrics/active_days/rows").json()
    assert said["total"] == 14
    assert all(len(row) == len(said["columns"]) for row in said["rows"])
    assert ada.get("/accounts/acme/metrics/nothing/rows").status_code == 404


@pytest.mark.slow
def test_an_entered_score_counts_at_once_and_falls_away_when_withdrawn(ada: Caller) -> None:
    before = ada.get("/accounts/acme/score").json()["score"]
    path = "/accounts/acme/entered-scores/executive_relationship"
    assert ada.post(path, {"score": 100, "comment": "Speaks for us"}).json()["score"] == 100
    assert ada.get("/accounts/acme/score").json()["score"] > before
    assert ada.get("/accounts/acme/entered-scores").json()[0]["entry"]["level"] == "Champion"
    assert ada.send("delete", path).status_code == 204
    assert ada.get("/accounts/acme/score").json()["score"] == before
    assert [one["score"] for one in ada.get(path).json()] == [None, 100]


@pytest.mark.slow
def test_many_scores_are_taken_together_or_none(ada: Caller, people: People) -> None:
    body = {"measure": "executive_relationship", "scores": [{"account_id": "acme", "score": 60},
            {"account_id": "dune", "score": 60}, {"account_id": "zeta", "score": 60}]}  # fmt: skip
    answer = ada.post("/bulk/entered-scores", body)
    assert (answer.status_code, places(answer)) == (422, ["accounts.dune", "accounts.zeta"])
    assert Caller(people.admin).post("/bulk/entered-scores", body).json() == {"changed": 3}


@pytest.mark.slow
def test_overrides_and_pins_stand_until_they_are_withdrawn(ada: Caller) -> None:
    made = ada.post("/accounts/acme/overrides", {"effect": "at_most", "value": "red", "reason": "Lawsuit"})
    assert made.status_code == 201
    assert ada.get("/accounts/acme/score").json()["label"] == "red"
    assert ada.send("delete", f"/accounts/acme/overrides/{made.json()['id']}").status_code == 204
    assert ada.get("/accounts/acme/overrides").json()[0]["state"] == "withdrawn"
    assert ada.send("put", "/accounts/acme/pin", {"scorecard": "main", "reason": "Agreed"}).json()["in_force"]
    assert ada.send("delete", "/accounts/acme/pin").status_code == 204
    wrong = ada.post("/accounts/acme/overrides", {"effect": "set", "value": "mauve", "reason": "x"})
    assert (wrong.status_code, "red, yellow, green" in wrong.json()["detail"]) == (422, True)


@pytest.mark.slow
def test_ways_lead_into_a_band(ada: Caller) -> None:
    said = ada.get("/accounts/zeta/ways").status_code, ada.get("/accounts/cato/ways", band="green").json()
    assert said[0] == 404
    assert said[1]["label"] == "green"
    assert ada.get("/accounts/cato/ways", band="mauve").status_code == 422


def test_feedback_is_kept_beside_what_was_shown(ada: Caller, people: People) -> None:
    made = ada.post("/accounts/acme/feedback", {"expected_label": "red", "reason": "Their champion left"})
    assert made.json()["shown_label"] == ada.get("/accounts/acme/score").json()["label"]
    assert len(Caller(people.colleague).get("/accounts/acme/feedback").json()["items"]) == 1
    assert Caller(people.stranger).get("/accounts/acme/feedback").status_code == 404


def test_runs_are_asked_for_and_followed(ada: Caller, people: People) -> None:
    mo = Caller(people.manager)
    assert ada.get("/runs").status_code == 403
    asked = mo.post("/runs", {"as_of": "2026-03-01"})
    assert (asked.status_code, asked.json()["status"]) == (202, "waiting")
    assert mo.get(f"/runs/{asked.json()['id']}").json()["asked_by"] == "Mo"
    assert mo.post("/runs", {"as_of": "2199-01-01"}).status_code == 422


def test_the_timeline_is_written_edited_and_found(ada: Caller, people: People) -> None:
    body = {"type": "call", "title": "Quarterly review", "fields": {"outcome": "good"}}
    made = ada.post("/accounts/acme/timeline", body).json()
    assert (made["origin"], made["author"]) == ("api", "Ada")
    assert [one["id"] for one in ada.get("/timeline", q="review").json()["items"]] == [made["id"]]
    assert Caller(people.colleague).send("put", f"/timeline/{made['id']}", body).status_code == 403
    assert ada.send("put", f"/timeline/{made['id']}", {**body, "title": "Review"}).status_code == 200
    assert ada.get(f"/timeline/{made['id']}").json()["revisions"][0]["content"]["title"] == "Quarterly review"
    assert Caller(people.stranger).get(f"/timeline/{made['id']}").status_code == 404
