"""Adoption over the API: the same figures as the pages, of the accounts that the caller sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from keepwell.apps.customers.models import Account

PATHS = (
    "active", "lifecycle", "retention", "accounts", "features", "funnel?step=event:signed_in",
    "paths?event=signed_in", "first-value",
)  # fmt: skip


def got(client: Client, path: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/usage/{path}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.slow
def test_active_users_of_the_last_day(used: Account, as_owner: Client, as_stranger: Client) -> None:
    found = got(as_owner, "active?days=2")
    assert [one["day"] for one in found["items"]] == ["2026-03-01", "2026-03-02"]
    last = found["items"][-1]
    assert (last["daily"], last["weekly"], last["monthly"]) == (2, 3, 3)
    assert last["stickiness"] == pytest.approx(2 / 3)
    assert found["partial"] is False
    assert got(as_stranger, "active")["accounts"] == 1
    assert got(as_stranger, "active")["items"][-1]["monthly"] == 1


@pytest.mark.slow
def test_use_of_accounts_with_seats(used: Account, as_owner: Client, as_colleague: Client) -> None:
    rows = {row["account"]: row for row in got(as_owner, "accounts")["items"]}
    assert (rows["acme"]["monthly"], rows["acme"]["breadth"], rows["acme"]["utilisation"]) == (2, 2, 0.5)
    assert rows["cato"]["events"] == 0
    assert rows["cato"]["utilisation"] is None
    assert "zeta" not in rows
    assert got(as_colleague, "accounts") == got(as_owner, "accounts")


@pytest.mark.slow
def test_features_with_their_matrix(used: Account, as_owner: Client) -> None:
    found = got(as_owner, "features")
    assert {row["feature"]: row["accounts"] for row in found["items"]} == {"boards": 1, "exports": 1}
    cells = {(row["account"], row["feature"]): row["people"] for row in found["matrix"]}
    assert cells == {("acme", "boards"): 1, ("acme", "exports"): 1}


@pytest.mark.slow
def test_a_funnel_over_events_and_features(used: Account, as_owner: Client) -> None:
    found = got(as_owner, "funnel?step=event:signed_in&step=feature:exports&within=1")["items"]
    assert [(one["step"], one["people"]) for one in found] == [("event:signed_in", 2), ("feature:exports", 1)]
    assert found[1]["of_first"] == 0.5


@pytest.mark.slow
def test_paths_and_first_value(used: Account, as_owner: Client) -> None:
    links = got(as_owner, "paths?event=board_opened&depth=1")["items"]
    assert {(one["source"], one["target"], one["people"]) for one in links} == {("board_opened", "board_shared", 1)}
    rows = {row["account"]: row for row in got(as_owner, "first-value?feature=exports")["items"]}
    assert rows["acme"]["first_on"] == "2026-02-10"
    assert rows["acme"]["days"] == 405  # since 2025-01-01
    assert rows["brix"]["days"] is None


@pytest.mark.slow
def test_retention_is_null_where_it_is_not_known(used: Account, as_owner: Client) -> None:
    found = got(as_owner, "retention?period=week&periods=3")["items"]
    assert found[-1]["recurring"][1:] == [None, None, None]
    assert found[0]["recurring"][0] == found[0]["size"]
    assert found[-1]["over"][0] is False


@pytest.mark.slow
def test_new_returning_and_dormant(used: Account, as_owner: Client) -> None:
    found = got(as_owner, "lifecycle?by=account&period=week&periods=2")["items"]
    assert len(found) == 2
    assert found[-1]["partial"] is True


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_an_account_of_others_is_not_there(used: Account, as_stranger: Client, path: str) -> None:
    sign = "&" if "?" in path else "?"
    assert as_stranger.get(f"/api/v1/usage/{path}{sign}account=acme").status_code == 404
    assert "acme" not in as_stranger.get(f"/api/v1/usage/{path}").content.decode()


@pytest.mark.slow
def test_what_cannot_be_asked_is_refused_in_words(used: Account, as_owner: Client) -> None:
    for path in ("active?by=team", "paths?event=", "funnel?step=signed_in", "accounts?window=0", "active?segment=nope"):
        assert as_owner.get(f"/api/v1/usage/{path}").status_code in (400, 422), path


@pytest.mark.slow
def test_without_people_in_the_data_it_says_so(company: Account, as_owner: Client) -> None:
    answer = as_owner.get("/api/v1/usage/active")
    assert answer.status_code in (400, 422)
    assert "no dataset says who uses what" in answer.content.decode()
