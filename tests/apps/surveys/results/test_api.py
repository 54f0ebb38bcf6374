"""Results, responses, files and imports over the API, for each of three people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.models import Response
from tests.apps.surveys.results.asked import answer, answers_of, invite

pytestmark = pytest.mark.slow
API = "/api/v1/surveys"
CSV = "account_id,answered_at,recommend\nacme,2026-10-01,9\nbrix,2026-10-02,12\n"


@pytest.fixture
def answered(asked: Account) -> Account:
    invite("acme", 4)
    answers_of(
        [{"account": "acme", "recommend": 10, "used": ["api"]}] * 12 + [{"account": "zeta", "recommend": 0}] * 11
    )
    answer("acme", 3, key="one", details="Slow", parts={"docs": "good"}, order=["help", "price"])
    return asked


def posted(client: Client, path: str, **content: Any) -> Any:
    return client.post(f"{API}{path}", json.dumps(content), content_type="application/json")


def test_results_are_the_figures_of_the_page(answered: Account, as_owner: Client, as_stranger: Client) -> None:
    mine = as_owner.get(f"{API}/pulse/results").json()
    assert mine["answers"] == 13
    assert mine["score"]["value"] == pytest.approx(1100 / 13)
    assert mine["counts"]["10"] == 12
    assert mine["response_rate"] == {"asked": 4, "answered": 0, "rate": mine["response_rate"]["rate"]}
    assert mine["segments"][0]["against_rest"] is None
    assert mine["questions"]["used"]["counts"] == {"api": 12, "web": 0}
    assert mine["questions"]["parts"]["rows"]["docs"]["answered"] == 1
    theirs = as_stranger.get(f"{API}/pulse/results").json()
    assert (theirs["answers"], theirs["score"]["value"]) == (11, -100)


def test_the_list_has_every_survey(answered: Account, as_owner: Client, as_manager: Client) -> None:
    assert [one["answers"] for one in as_owner.get(API).json()] == [13]
    assert as_manager.get(API).json()[0]["title"] == "Relationship NPS"


def test_what_cannot_be_read_is_a_problem_with_its_field(answered: Account, as_manager: Client) -> None:
    for query, field in (("where=arr+%3C", "where"), ("by=colour", "by"), ("from=soon", "from")):
        response = as_manager.get(f"{API}/pulse/results?{query}")
        assert response.status_code == 422, query
        assert field in response.content.decode()
    assert as_manager.get(f"{API}/pulse/results?days=7").status_code == 422
    assert as_manager.get(f"{API}/none/results").status_code == 404


def test_responses_come_in_pages_to_those_who_see_their_accounts(
    answered: Account, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    first = as_owner.get(f"{API}/pulse/responses?limit=10").json()
    second = as_owner.get(f"{API}/pulse/responses?limit=10&cursor={first['next']}").json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (10, 3, None)
    assert len(as_manager.get(f"{API}/pulse/responses?limit=200").json()["items"]) == 24
    assert as_owner.get(f"{API}/pulse/responses/one").json()["answers"]["details"] == "Slow"
    assert as_stranger.get(f"{API}/pulse/responses/one").status_code == 404


def test_answers_leave_as_a_file(answered: Account, as_stranger: Client, as_manager: Client) -> None:
    lines = b"".join(as_stranger.get(f"{API}/pulse/export").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 12
    assert as_manager.get(f"{API}/pulse/export?table=people").status_code == 422


def test_a_file_is_looked_at_taken_and_taken_back(answered: Account, as_owner: Client, as_manager: Client) -> None:
    assert posted(as_owner, "/pulse/imports", csv=CSV).status_code == 403
    seen = posted(as_manager, "/pulse/imports", csv=CSV).json()
    assert (seen["new"], seen["rejected"], seen["status"]) == (1, 1, "checked")
    assert "from 0 to 10" in seen["rejected_rows"][0]["reasons"][0]
    assert posted(as_manager, "/pulse/imports", csv=CSV, take="all").status_code == 422
    taken = posted(as_manager, "/pulse/imports", csv=CSV, take="accepted").json()
    assert Response.objects.filter(channel="import").count() == 1
    assert posted(as_manager, f"/pulse/imports/{taken['id']}/undo").json() == {"changed": 1}
    assert Response.objects.filter(channel="import").count() == 0
    assert posted(as_manager, "/pulse/imports", csv="a,b\n1,2\n", columns={"a": "soon"}).status_code == 422
