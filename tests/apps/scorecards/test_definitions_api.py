"""Definitions of Git against a running server: what is in force, plan and apply."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import new_token
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.scored import FILES

HEAVY = {**FILES, "card.yaml": FILES["card.yaml"].replace("weight: 70", "weight: 10")}
SHORT = {**FILES, "metrics.yaml": FILES["metrics.yaml"].replace("14 days", "7 days")}


def ask(user: User | None, method: str, path: str = "", scopes: Any = (Permission.CONFIGURE,), **body: Any) -> Any:
    headers = {"Authorization": f"Bearer {new_token(user, 'git', list(scopes), None)[1]}"} if user else {}
    call = getattr(Client(), method)
    sent = {"data": body, "content_type": "application/json"} if method == "post" else {}
    return call(f"/api/v1/definitions{path}", headers=headers, **sent)


@pytest.fixture
def manager(people: People, db: None) -> User:
    publish(actor=System("tests"), files=FILES, note="First")
    return people.manager


def test_what_is_in_force_comes_with_its_number_and_its_bytes(manager: User) -> None:
    said = ask(manager, "get").json()
    assert (said["number"], said["files"], said["note"]) == (1, FILES, "First")


def test_who_may_not_configure_gets_403_and_who_has_no_token_401(manager: User, people: People) -> None:
    for user in (people.owner, people.colleague, people.stranger):
        assert ask(user, "get").status_code == 403
        assert ask(user, "post", "/apply", files=HEAVY, note="x", base=1).status_code == 403
    assert ask(manager, "get", scopes=[Permission.VIEW]).status_code == 403
    assert ask(None, "get").status_code == 401
    assert ask(None, "post", "/plan", files=FILES).status_code == 401
    assert Version.objects.count() == 1


@pytest.mark.slow
def test_a_plan_says_in_words_and_lines_what_would_change(company: Account, people: People) -> None:
    said = ask(people.manager, "post", "/plan", files=HEAVY, base=1).json()
    assert said["definitions"][0]["words"] == ["adoption › weight: 70 → 10"]
    assert [one["path"] for one in said["files"]] == ["card.yaml"]
    assert said["effect"]["accounts"] == 6
    assert sum(band["after"] for band in said["effect"]["bands"]) == 6
    assert Version.objects.count() == 1


def test_a_plan_that_cannot_tell_the_effect_says_why(company: Account, people: People) -> None:
    said = ask(people.manager, "post", "/plan", files=SHORT, base=1).json()
    assert said["effect"] is None
    assert "metric active_days is another one" in said["no_effect"]


def test_a_plan_lists_all_issues(manager: User) -> None:
    broken = {**FILES, "card.yaml": FILES["card.yaml"].replace("weight: 70", "weight: lots")}
    (issue,) = ask(manager, "post", "/plan", files=broken).json()["issues"]
    assert (issue["file"], issue["path"]) == ("card.yaml", "scorecards.main.groups.adoption.weight")
    answer = ask(manager, "post", "/apply", files=broken, note="x", base=1)
    assert answer.status_code == 422
    assert answer.json()["issues"] == [issue]


def test_applying_publishes_once(manager: User) -> None:
    said = ask(manager, "post", "/apply", files=HEAVY, note="Lighter", base=1).json()
    assert (said["number"], said["is_new"]) == (2, True)
    again = ask(manager, "post", "/apply", files=HEAVY, note="Lighter", base=1).json()
    assert (again["number"], again["is_new"]) == (2, False)
    newest = Version.objects.get(number=2)
    assert (newest.author_name, newest.origin, newest.note) == ("Mo", "api", "Lighter")


def test_where_both_sides_changed_the_plan_says_so_and_nothing_is_published(manager: User) -> None:
    publish(actor=System("the page"), files=SHORT, note="Shorter", base=1)
    both = {**HEAVY, "metrics.yaml": FILES["metrics.yaml"].replace("14 days", "10 days")}
    said = ask(manager, "post", "/plan", files=both, base=1).json()
    assert ([one["path"] for one in said["theirs"]], said["both"]) == (["metrics.yaml"], ["metrics.yaml"])
    answer = ask(manager, "post", "/apply", files=both, note="Mine", base=1)
    assert answer.status_code == 409
    assert "version 2 was published meanwhile by the page" in answer.json()["detail"]
    assert Version.objects.count() == 2


def test_without_a_base_nothing_that_stands_is_put_aside(manager: User) -> None:
    answer = ask(manager, "post", "/apply", files=HEAVY, note="Mine")
    assert answer.status_code == 409
    assert "--base 1" in answer.json()["detail"]
    assert ask(manager, "post", "/apply", files=HEAVY, note=" ", base=1).status_code == 422


def test_the_first_publication_needs_no_base(people: People) -> None:
    assert ask(people.manager, "get").json()["number"] == 0
    assert ask(people.manager, "post", "/apply", files=FILES, note="First").json()["number"] == 1


@pytest.mark.parametrize("files", [{"../x.yaml": "a: 1"}, {"x.txt": ""}, {"": ""}])
def test_paths_stay_within_the_project(manager: User, files: dict[str, str]) -> None:
    assert ask(manager, "post", "/apply", files=files, note="x", base=1).status_code == 422
    assert ask(manager, "post", "/plan", files=files).json()["issues"]
