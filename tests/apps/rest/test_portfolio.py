"""The portfolio, figures beside others, files and layouts over the API: the same as the pages show, for each person."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from keepwell.apps.audit.models import Change
from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller, places

pytestmark = pytest.mark.slow


@pytest.fixture
def ada(company: Account, people: People) -> Caller:
    return Caller(people.owner)


def test_the_heatmap_is_worst_first_and_comes_in_pages(ada: Caller, people: People) -> None:
    said = ada.get("/portfolio/heatmap", limit=2).json()
    assert (said["card"], [one["title"] for one in said["measures"]][:1]) == ("main", ["active days"])
    assert all(len(row["heat"]) == len(said["measures"]) for row in said["items"])
    rest = ada.get("/portfolio/heatmap", cursor=said["next"]).json()
    rows = [*said["items"], *rest["items"]]
    assert sorted(one["account_id"] for one in rows) == ["acme", "brix", "cato", "dune", "eyre"]  # of her team
    scores = [one["score"] for one in rows]
    assert scores == sorted(scores)
    assert [one["account_id"] for one in Caller(people.stranger).get("/portfolio/heatmap").json()["items"]] == ["zeta"]
    assert ada.get("/portfolio/heatmap", card="none").status_code == 422
    assert places(ada.get("/portfolio/heatmap", where="scor < 3")) == ["query.where"]


def test_movers_and_renewals_are_those_one_sees(ada: Caller, people: People) -> None:
    movers = ada.get("/portfolio/movers").json()
    assert movers["as_of"] == "2026-03-02"
    assert all(one["change"] < 0 and one["why"] for one in movers["fallen"])
    said = ada.get("/portfolio/renewals", month="2026-04-17").json()
    assert (said["month"], [one["account_id"] for one in said["items"]]) == ("2026-04-01", ["acme"])
    assert (len(said["months"]), said["months"][1]["accounts"], said["months"][1]["arr"]) == (12, 1, 200_000)
    theirs = Caller(people.stranger).get("/portfolio/renewals", month="2026-04-17").json()
    assert (theirs["items"], theirs["months"][1]["accounts"]) == ([], 0)


def test_each_measure_stands_beside_the_portfolio_and_the_segment(ada: Caller, people: People) -> None:
    said = ada.get("/accounts/acme/benchmark").json()
    days = next(one for one in said["measures"] if one["measure"] == "active_days")
    assert (said["segment"], days["of"], days["own"]) == ("large", "value", 14)
    assert (days["portfolio"]["accounts"], days["segment"]["accounts"]) == (6, 2)
    assert days["portfolio"]["percentile"] > 80
    assert sum(one["count"] for one in days["distribution"]) == 6
    assert [one["mine"] for one in days["distribution"]].count(True) == 1
    assert ada.get("/accounts/acme/benchmark", segment="small").status_code == 422
    assert Caller(people.colleague).get("/accounts/acme/benchmark").json() == said
    assert Caller(people.stranger).get("/accounts/acme/benchmark").status_code == 404


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))


def test_accounts_are_taken_away_as_a_file_and_the_audit_says_so(ada: Caller, people: People) -> None:
    answer = ada.get("/export/accounts", column=["arr", "stage"], where="arr >= 100000")
    assert answer["Content-Type"].startswith("text/csv")
    assert rows(answer) == [
        ["id", "name", "score", "band", "arr", "stage"],
        *([row[0], row[1], row[2], row[3], row[4], "live"] for row in rows_of(ada)),
    ]
    assert Change.objects.get(action="exported").origin == "api"
    theirs = rows(Caller(people.stranger).get("/export/accounts"))
    assert [row[0] for row in theirs[1:]] == ["zeta"]
    assert places(ada.get("/export/accounts", where="arr >>")) == ["query.where"]


def rows_of(caller: Caller) -> list[list[str]]:
    found = caller.get("/accounts", where="arr >= 100000").json()["items"]
    return [[one["id"], one["name"], str(one["health"]["score"]), one["health"]["label"], str(one["arr"])]
            for one in found]  # fmt: skip


def test_a_layout_is_read_as_it_was_kept(ada: Caller) -> None:
    before = ada.get("/me/layout").json()
    assert (before["own"], before["panels"][0]["name"]) == (False, "scorecard")
    ada.send("put", "/me/layout", {"order": ["history", "scorecard"], "hidden": ["audit"]})
    said = ada.get("/me/layout").json()
    assert (said["own"], [one["name"] for one in said["panels"][:2]]) == (True, ["history", "scorecard"])
    assert [one["name"] for one in said["panels"] if one["hidden"]] == ["audit"]
    assert ada.send("delete", "/me/layout").status_code == 204
    assert ada.get("/me/layout").json() == before


def test_what_was_entered_is_read_for_many_accounts(ada: Caller, people: People) -> None:
    ada.post("/accounts/acme/entered-scores/executive_relationship", {"score": 60})
    own = ada.get("/measures/executive_relationship/entered-scores").json()
    assert [(one["account_id"], one["locked"]) for one in own] == [("acme", False), ("brix", False)]
    assert [one["entry"] and one["entry"]["score"] for one in own] == [60, None]
    every = ada.get("/measures/executive_relationship/entered-scores", everybody=True).json()
    assert {one["account_id"]: one["locked"] for one in every}["dune"]
    theirs = Caller(people.stranger).get("/measures/executive_relationship/entered-scores", everybody=True).json()
    assert [one["account_id"] for one in theirs] == ["zeta"]
    assert ada.get("/measures/nothing/entered-scores").status_code == 404
