"""Every address of the application, and who gets what there: one line a route. A route without a line fails.

To add a route, add a line to ROUTES: its pattern as Django prints it, and a decision for GET and for POST.

    "customers/<str:account_id>/": R(OF_ACCOUNT),                      a page of an account, GET alone
    "customers/<str:account_id>/score/": R(post=OF_ACCOUNT_WRITE),     POST alone
    "configure/people/": R(ADMIN, ADMIN),                              both

A decision says what each of seven people gets: the page, 403 without the right, 404 for an account they do not see,
and whoever is not signed in is asked to sign in (or told 401 by the API). An argument that is not in ARGUMENTS is given
as `fill={"name": value}`; the value may be a function of the Stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import PERMISSIONS, Permission, Reach, Role
from keepwell.apps.access.tokens import new_token
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import AccountOverride, Run
from keepwell.apps.notices.models import Notice
from keepwell.apps.timeline.logging import built_in
from keepwell.apps.timeline.models import EntryType, TimelineEntry
from tests.apps.conftest import People

PAGE, SIGN_IN, NO_RIGHT, NOT_THERE, WRONG_METHOD = "page", "sign in", "no right", "not there", "wrong method"


@dataclass(frozen=True)
class Decision:
    """`permission`: what it takes; `of_account`: about Acme, which the stranger does not see; `only`: who has it."""

    permission: Permission | None = Permission.VIEW
    of_account: bool = False
    open: bool = False
    hidden: bool = False
    only: frozenset[str] = frozenset()

    def for_(self, user: User | None, name: str) -> set[str]:
        """What somebody gets; more than one answer where the order of two refusals does not matter."""
        if self.hidden:
            return {NOT_THERE} if self.open or user else {SIGN_IN}
        if user is None:
            return {PAGE} if self.open else {SIGN_IN}
        if self.only:
            return {PAGE} if name in self.only else {NOT_THERE}
        lacks = self.permission is not None and self.permission not in PERMISSIONS[Role(user.role)]
        if self.of_account and name == "stranger":
            return {NOT_THERE, NO_RIGHT} if lacks else {NOT_THERE}
        return {NO_RIGHT} if lacks else {PAGE}


OPEN = Decision(None, open=True)  # nobody needs to have signed in
CLOSED = Decision(None, open=True, hidden=True)  # an address of a library that we do not use
CLOSED_WITHOUT = Decision(None, hidden=True)  # for those signed in, who have no such thing
SIGNED_IN = Decision()
WRITE, BULK = Decision(Permission.WRITE), Decision(Permission.BULK)
CONFIGURE, RUN, ADMIN = Decision(Permission.CONFIGURE), Decision(Permission.RUN), Decision(Permission.ADMINISTER)
OF_ACCOUNT = Decision(of_account=True)
OF_ACCOUNT_WRITE = Decision(Permission.WRITE, of_account=True)
OWN = Decision(only=frozenset({"owner"}))  # something of Ada's that nobody else knows of
OWN_OR_ADMIN = Decision(only=frozenset({"owner", "admin"}))
_AUTHORS = Decision(Permission.ADMINISTER, of_account=True)  # what an admin wrote
NONE = None  # no decision for this method: it is refused with 405, or answered like GET


@dataclass(frozen=True)
class Stage:
    """What stands in the database while routes are tried."""

    account: Account
    people: People
    viewer: User


@dataclass(frozen=True)
class R:
    """One route: a decision a method, and arguments that ARGUMENTS does not have. `query`, `data`: what is sent."""

    get: Decision | None = NONE
    post: Decision | None = NONE
    put: Decision | None = NONE
    patch: Decision | None = NONE
    delete: Decision | None = NONE
    fill: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""


ARGUMENTS: dict[str, Any] = {
    "account_id": "acme",
    "user_id": lambda stage: stage.people.colleague.pk,
    "team_id": lambda _: Team.objects.create(name="Nobody's").pk,
}


def _notice(stage: Stage) -> int:
    return Notice.objects.create(user=stage.people.owner, text="Told", kind="test", key="one").pk


def _token(stage: Stage) -> int:
    return new_token(stage.people.owner, "export", [Permission.VIEW], None)[0].pk


def _run(stage: Stage) -> int:
    return Run.objects.filter(status="done").latest("pk").pk


def _override(stage: Stage) -> int:
    now = timezone.now()
    return AccountOverride.objects.create(account=stage.account, effect="set", value="1", reason="x", author="Ada",
                                          recorded_at=now).pk  # fmt: skip


def _entry(stage: Stage, *, is_draft: bool = False) -> int:
    return TimelineEntry.objects.create(
        account=stage.account, type=built_in("call"), title="Called", occurred_at=timezone.now(), is_draft=is_draft,
        author="Ari", author_user=stage.people.owner if is_draft else stage.people.admin,
    ).pk  # fmt: skip


def _draft(stage: Stage) -> int:
    return _entry(stage, is_draft=True)


def _type(stage: Stage) -> str:
    return EntryType.objects.create(name="visit", title="Visit").name


def _definitions(stage: Stage) -> int:
    base = current_version()
    assert base is not None
    draft = Draft.objects.create(name="Tried", base=base, files=base.files, updated_by="Ari")
    draft.revisions.create(number=1, files=base.files, saved_by="Ari")
    return draft.pk


_DRAFT: dict[str, Any] = {"fill": {"draft_id": _definitions, "card": "main", "path": "card.yaml", "number": 1}}
_MEASURE: dict[str, Any] = {"fill": {"measure": "executive_relationship"}}
_OVERRIDE = {"effect": "at_most", "value": "red", "reason": "Lawsuit"}

ROUTES: dict[str, R] = {
    # server
    "healthz": R(OPEN, OPEN),
    "readyz": R(OPEN, OPEN),
    # signing in
    "accounts/login/": R(OPEN, OPEN),
    "accounts/logout/": R(OPEN, OPEN),
    "accounts/inactive/": R(OPEN),
    "accounts/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/change/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/set/": R(SIGNED_IN, SIGNED_IN),
    "accounts/password/reset/": R(OPEN, OPEN),
    "accounts/password/reset/done/": R(OPEN),
    "accounts/password/reset/key/done/": R(OPEN),
    "accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/": R(OPEN, OPEN),
    "accounts/oidc/<str:provider_id>/login/": R(CLOSED, CLOSED, fill={"provider_id": "none"}),
    "accounts/oidc/<str:provider_id>/login/callback/": R(CLOSED, CLOSED, fill={"provider_id": "none"}),
    "accounts/3rdparty/login/cancelled/": R(OPEN),
    "accounts/3rdparty/login/error/": R(OPEN),
    "accounts/signup/": R(CLOSED, CLOSED),
    "accounts/email/": R(CLOSED, CLOSED),
    "accounts/confirm-email/": R(CLOSED, CLOSED),
    "accounts/confirm-email/<str:key>/": R(CLOSED, CLOSED, fill={"key": "any"}),
    "accounts/login/code/confirm/": R(CLOSED, CLOSED),
    "accounts/3rdparty/": R(CLOSED, CLOSED),
    "accounts/3rdparty/signup/": R(CLOSED, CLOSED),
    "accounts/2fa/": R(SIGNED_IN),
    "accounts/2fa/authenticate/": R(OPEN, OPEN),
    "accounts/2fa/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/totp/activate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/totp/deactivate/": R(CLOSED_WITHOUT, CLOSED_WITHOUT),
    "accounts/2fa/recovery-codes/": R(CLOSED_WITHOUT),
    "accounts/2fa/recovery-codes/generate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/recovery-codes/download/": R(CLOSED_WITHOUT),
    "accounts/2fa/webauthn/": R(SIGNED_IN),
    "accounts/2fa/webauthn/add/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/webauthn/reauthenticate/": R(SIGNED_IN, SIGNED_IN),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": R(CLOSED_WITHOUT, CLOSED_WITHOUT, fill={"pk": 1}),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": R(CLOSED_WITHOUT, CLOSED_WITHOUT, fill={"pk": 1}),
    # oneself
    "me/theme/": R(post=SIGNED_IN),
    "me/tokens/": R(SIGNED_IN, SIGNED_IN),
    "me/tokens/<int:token_id>/revoke/": R(post=OWN_OR_ADMIN, fill={"token_id": _token}),
    "notices/": R(SIGNED_IN),
    "notices/read/": R(post=SIGNED_IN),
    "notices/<int:notice_id>/read/": R(post=OWN, fill={"notice_id": _notice}),
    # configure
    "configure/people/": R(ADMIN, ADMIN),
    "configure/people/<int:user_id>/": R(ADMIN, ADMIN),
    "configure/people/<int:user_id>/deactivate/": R(post=ADMIN),
    "configure/people/<int:user_id>/reactivate/": R(post=ADMIN),
    "configure/people/<int:user_id>/invite/": R(post=ADMIN),
    "configure/teams/": R(ADMIN, ADMIN),
    "configure/teams/<int:team_id>/": R(ADMIN, ADMIN),
    "configure/teams/<int:team_id>/remove/": R(post=ADMIN),
    "configure/tokens/": R(ADMIN),
    "configure/audit/": R(ADMIN),
    "configure/audit.csv": R(ADMIN),
    "configure/system/": R(ADMIN),
    "configure/system/mail/": R(post=ADMIN),
    # definitions
    "configure/definitions/": R(CONFIGURE),
    "configure/drafts/": R(CONFIGURE, CONFIGURE),
    "configure/drafts/<int:draft_id>/": R(CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/publish/": R(post=CONFIGURE, **_DRAFT, data={"note": "Tried"}),
    "configure/drafts/<int:draft_id>/discard/": R(post=CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/undo/": R(post=CONFIGURE, **_DRAFT, data={"revision": 1}),
    "configure/drafts/<int:draft_id>/update/": R(post=CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/upload/": R(post=CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/download/": R(CONFIGURE, **_DRAFT),
    "configure/drafts/<int:draft_id>/files/<path:path>/": R(CONFIGURE, CONFIGURE, **_DRAFT),
    "configure/versions/": R(CONFIGURE),
    "configure/versions/<int:number>/": R(CONFIGURE, **_DRAFT),
    "configure/versions/<int:number>/restore/": R(post=CONFIGURE, **_DRAFT, data={"note": "Tried"}),
    "configure/versions/<int:number>/download/": R(CONFIGURE, **_DRAFT),
    # scorecards
    "configure/scorecards/": R(CONFIGURE),
    "configure/scorecards/<int:draft_id>/": R(CONFIGURE, CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/effect/": R(CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/values/": R(post=CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/backtest/": R(CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/backtest/ask/": R(post=CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/<slug:card>/": R(CONFIGURE, **_DRAFT),
    "configure/scorecards/<int:draft_id>/<slug:card>/save/": R(post=CONFIGURE, **_DRAFT, data={"revision": 1}),
    "configure/scorecards/<int:draft_id>/<slug:card>/structure/": R(post=CONFIGURE, **_DRAFT, data={"do": "up:x"}),
    # the API
    "api/v1/openapi.json": R(OPEN),
    "api/v1/definitions": R(CONFIGURE),
    "api/v1/definitions/plan": R(post=CONFIGURE, data={"files": {}}),
    "api/v1/definitions/apply": R(post=CONFIGURE, data={"files": {}, "note": "Tried"}),
    # runs
    "configure/runs/": R(RUN, RUN),
    "configure/runs/<int:run_id>/": R(RUN, fill={"run_id": _run}),
    "configure/runs/<int:run_id>/again/": R(post=RUN, fill={"run_id": _run}),
    # timeline
    "timeline/": R(SIGNED_IN),
    "timeline/<int:entry_id>/": R(OF_ACCOUNT, fill={"entry_id": _entry}),
    "timeline/<int:entry_id>/edit/": R(_AUTHORS, _AUTHORS, fill={"entry_id": _entry}, data={"title": "Called"}),
    "timeline/<int:entry_id>/discard/": R(post=OWN, fill={"entry_id": _draft}),
    "customers/<str:account_id>/timeline/": R(OF_ACCOUNT),
    "customers/<str:account_id>/timeline/new/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, data={"title": "Called"}),
    "customers/<str:account_id>/timeline/draft/": R(post=OF_ACCOUNT_WRITE, data={"title": "Called"}),
    "customers/<str:account_id>/timeline/letter/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE),
    "configure/entry-types/": R(CONFIGURE, CONFIGURE),
    "configure/entry-types/<str:name>/retire/": R(post=CONFIGURE, fill={"name": _type}),
    # scores by hand
    "scores/": R(SIGNED_IN),
    "scores/<str:measure>/": R(SIGNED_IN, WRITE, fill={"measure": "executive_relationship"}),
    "customers/<str:account_id>/scores/": R(OF_ACCOUNT),
    "customers/<str:account_id>/scores/<str:measure>/": R(
        OF_ACCOUNT, OF_ACCOUNT_WRITE, **_MEASURE, data={"score": "60"}
    ),
    "customers/<str:account_id>/scores/<str:measure>/withdraw/": R(post=OF_ACCOUNT_WRITE, **_MEASURE),
    "customers/<str:account_id>/scores/<str:measure>/history/": R(OF_ACCOUNT, **_MEASURE),
    "customers/<str:account_id>/overrides/": R(OF_ACCOUNT, OF_ACCOUNT_WRITE, data=_OVERRIDE),
    "customers/<str:account_id>/overrides/<int:override_id>/withdraw/": R(
        post=OF_ACCOUNT_WRITE, fill={"override_id": _override}
    ),
    "customers/<str:account_id>/pin/": R(OF_ACCOUNT, OF_ACCOUNT_WRITE, data={"scorecard": "main", "reason": "Agreed"}),
    "customers/<str:account_id>/unpin/": R(post=OF_ACCOUNT_WRITE),
    # customers
    "": R(SIGNED_IN),
    "customers/": R(SIGNED_IN),
    "customers/<str:account_id>/": R(OF_ACCOUNT),
}


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
    assert sorted(known - ROUTES.keys()) == [], "add a line for each of these to ROUTES"
    assert sorted(ROUTES.keys() - known) == [], "these lead nowhere any more"


@pytest.fixture
def stage(company: Account, people: People) -> Stage:
    viewer = User.objects.create_user(
        "vi@test.example", "a-long-password", name="Vi", role=Role.VIEWER, reach=Reach.ALL
    )
    return Stage(company, people, viewer)


def test_everybody_gets_what_was_decided(stage: Stage) -> None:
    """Every route by every method for everybody; what a try changed is taken back."""
    wrong = [fault for route, _ in patterns() if route in ROUTES for fault in _faults(route, ROUTES[route], stage)]
    assert wrong == []


def _faults(route: str, line: R, stage: Stage) -> Iterator[str]:
    for name, user in _everybody(stage).items():
        for method in ("get", "post", "put", "patch", "delete"):
            decision = getattr(line, method)
            if decision is None and (method != "post" or line.get is None or route.startswith("api/")):
                continue
            otherwise = {WRONG_METHOD} | (line.get.for_(user, name) if line.get else set())
            allowed = decision.for_(user, name) if decision else otherwise
            got = _try(route, line, stage, user, method)
            if got not in allowed:
                yield f"{method.upper()} /{route} as {name}: {got}, decided: {' or '.join(sorted(allowed))}"


def _everybody(stage: Stage) -> dict[str, User | None]:
    people = stage.people
    return {
        "anonymous": None, "viewer": stage.viewer, "owner": people.owner, "colleague": people.colleague,
        "stranger": people.stranger, "manager": people.manager, "admin": people.admin,
    }  # fmt: skip


def _try(route: str, line: R, stage: Stage, user: User | None, method: str) -> str:
    with transaction.atomic():
        client = Client(raise_request_exception=True)
        headers = _headers(client, route, user)
        path = _path(route, line, stage)
        sent = {"query_params": {}} if method == "get" else {"content_type": "application/json"} if headers else {}
        answer = getattr(client, method)(path + line.query, data=_data(line, stage, method), headers=headers, **sent)
        transaction.set_rollback(True)
        return _said(answer)


def _headers(client: Client, route: str, user: User | None) -> dict[str, str]:
    """The API is asked with a token that may what its user may, pages with a session."""
    if user is None:
        return {}
    if not route.startswith("api/"):
        client.force_login(user)
        return {}
    token = new_token(user, "all", list(PERMISSIONS[Role(user.role)]), None)[1]
    return {"Authorization": f"Bearer {token}"}


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
