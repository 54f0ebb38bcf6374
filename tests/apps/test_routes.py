"""Every address of the application, and who gets what there: one line a route. A route without a line fails.

To add a route, add a line to the file that it belongs to (routes_of_*.py): its pattern as Django prints it, and a
decision for GET and for POST.

    "customers/<str:account_id>/": R(OF_ACCOUNT),                      a page of an account, GET alone
    "customers/<str:account_id>/score/": R(post=OF_ACCOUNT_WRITE),     POST alone
    "configure/people/": R(ADMIN, ADMIN),                              both

A decision says what each of seven people gets: the page, 403 without the right, 404 for an account they do not see,
and whoever is not signed in is asked to sign in (or told 401 by the API). An argument that is not in ARGUMENTS is given
as `fill={"name": value}`; the value may be a function of the Stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import PERMISSIONS, Reach, Role
from keepwell.apps.access.tokens import new_token
from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.deciding import (
    NO_RIGHT,
    NOT_THERE,
    PAGE,
    SIGN_IN,
    WRONG_METHOD,
    R,
    Stage,
)
from tests.apps.routes_of_api import API
from tests.apps.routes_of_asking import ASKING
from tests.apps.routes_of_building import BUILDING
from tests.apps.routes_of_configuring import CONFIGURING
from tests.apps.routes_of_dashboards import DASHBOARDS
from tests.apps.routes_of_learning import LEARNING
from tests.apps.routes_of_oneself import ONESELF
from tests.apps.routes_of_sentiment import SENTIMENT
from tests.apps.routes_of_sharing import SHARING
from tests.apps.routes_of_speaking import SPEAKING
from tests.apps.routes_of_surveys import SURVEYS
from tests.apps.routes_of_working import WORKING

pytestmark = pytest.mark.slow

ARGUMENTS: dict[str, Any] = {
    "account_id": "acme",
    "user_id": lambda stage: stage.people.colleague.pk,
    "team_id": lambda _: Team.objects.create(name="Nobody's").pk,
}


ROUTES: dict[str, R] = {
    **ONESELF,
    **CONFIGURING,
    **WORKING,
    **SURVEYS,
    **SENTIMENT,
    **ASKING,
    **SPEAKING,
    **SHARING,
    **LEARNING,
    **DASHBOARDS,
    **BUILDING,
    **API,
}


PARTS = ("accounts/", "configure/", "customers/", "dashboards/", "api/v1/accounts", "api/", "")


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route with its whole pattern; of two that are the same the first, which is the one that answers."""
    seen: set[str] = set()
    for one in (resolver or get_resolver()).url_patterns:
        route = before + re.sub(r"^\^|\$$", "", str(one.pattern))
        found = patterns(one, route) if isinstance(one, URLResolver) else [(route, one)]
        for whole, pattern in found:
            if whole not in seen:
                seen.add(whole)
                yield whole, pattern


def test_every_route_has_a_decision_and_every_decision_a_route() -> None:
    known = {route for route, _ in patterns()}
    assert sorted(known - ROUTES.keys()) == [], "add a line for each of these to routes_of_*.py"
    assert sorted(ROUTES.keys() - known) == [], "these lead nowhere any more"


@pytest.fixture
def stage(company: Account, people: People) -> Stage:
    viewer = User.objects.create_user(
        "vi@test.example", "a-long-password", name="Vi", role=Role.VIEWER, reach=Reach.ALL
    )
    return Stage(company, people, viewer)


@pytest.mark.parametrize("part", PARTS)
def test_everybody_gets_what_was_decided(stage: Stage, part: str) -> None:
    """Every route by every method for everybody; what a try changed is taken back."""
    worker_is_at_work()
    before = PARTS[: PARTS.index(part)]
    tried = [route for route, _ in patterns() if route in ROUTES and route.startswith(part)]
    mine = [route for route in tried if not route.startswith(before)]
    asking = [Asking(name, user) for name, user in _everybody(stage).items()]
    wrong = [fault for route in mine for fault in _faults(route, ROUTES[route], stage, asking)]
    assert wrong == [], "\n".join(wrong)


def worker_is_at_work() -> None:
    """So that the installation is ready."""
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now())")


class Asking:
    """Somebody who has signed in once and asks for everything; what an answer did to the cookies is taken back."""

    def __init__(self, name: str, user: User | None) -> None:
        self.name, self.user = name, user
        self._client = Client(raise_request_exception=True)
        self._headers = {}
        if user is not None:
            self._client.force_login(user)
            token = new_token(user, "all", list(PERMISSIONS[Role(user.role)]), None)[1]
            self._headers = {"Authorization": f"Bearer {token}"}
        self._session, self._nobody = self._client.cookies.copy(), type(self._client.cookies)()

    def gets(self, route: str, path: str, method: str, data: dict[str, Any]) -> str:
        """The API is asked with a token that may what its user may, pages with a session."""
        of_api = route.startswith("api/") and route != "api/docs" and self.user is not None
        self._client.cookies = (self._nobody if of_api else self._session).copy()
        sent = {"query_params": {}} if method == "get" else {"content_type": "application/json"} if of_api else {}
        headers = self._headers if of_api else {}
        return _said(getattr(self._client, method)(path, data=data, headers=headers, **sent))


def _faults(route: str, line: R, stage: Stage, asking: list[Asking]) -> Iterator[str]:
    with transaction.atomic():
        path = _path(route, line, stage)
        for one in asking:
            for method in ("get", "post", "put", "patch", "delete"):
                decision = getattr(line, method)
                if decision is None and (method != "post" or line.get is None or route.startswith("api/")):
                    continue
                otherwise = {WRONG_METHOD} | (line.get.for_(one.user, one.name) if line.get else set())
                allowed = decision.for_(one.user, one.name) if decision else otherwise
                got = _try(route, path + line.query, line, stage, one, method)
                if got not in allowed:
                    yield f"{method.upper()} /{route} as {one.name}: {got}, decided: {' or '.join(sorted(allowed))}"
        transaction.set_rollback(True)


def _everybody(stage: Stage) -> dict[str, User | None]:
    people = stage.people
    return {
        "anonymous": None, "viewer": stage.viewer, "owner": people.owner, "colleague": people.colleague,
        "stranger": people.stranger, "manager": people.manager, "admin": people.admin,
    }  # fmt: skip


def _try(route: str, path: str, line: R, stage: Stage, asking: Asking, method: str) -> str:
    with transaction.atomic():
        said = asking.gets(route, path, method, _data(line, stage, method))
        transaction.set_rollback(True)
    return said


def _path(route: str, line: R, stage: Stage) -> str:
    def value(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        said = line.fill.get(name, ARGUMENTS.get(name, "1"))
        return str(said(stage) if callable(said) else said)

    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>", value, route)
    return "/" + plain.replace("\\", "")


def _data(line: R, stage: Stage, method: str) -> dict[str, Any]:
    if method == "get":
        return {}
    return {name: value(stage) if callable(value) else value for name, value in line.data.items()}


def _said(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next="):
        return SIGN_IN
    refusals = {401: SIGN_IN, 403: NO_RIGHT, 404: NOT_THERE, 405: WRONG_METHOD}
    return refusals.get(answer.status_code, PAGE if answer.status_code < 500 else f"fault {answer.status_code}")
