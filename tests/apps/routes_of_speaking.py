"""Who gets what of advocacy: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.actors import System
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.operations.activities import Said, log
from keepwell.apps.advocacy.operations.advocates import make_advocate
from keepwell.apps.advocacy.operations.requests import Wanted, ask
from keepwell.apps.configuration.operations import change_draft, start_draft
from tests.apps.deciding import CONFIGURE, OF_ACCOUNT, OF_ACCOUNT_WRITE, SIGNED_IN, WRITE, R, Stage

_ACTOR = System("tests")
_FILE = """\
advocacy_activities: {plant_tour: {points: 10}}
advocacy_candidates: {everybody: {accounts: true}}
"""


def an_advocate(stage: Stage) -> int:
    return make_advocate(actor=_ACTOR, account_id=stage.account.pk).pk


def an_activity(stage: Stage) -> int:
    return log(actor=_ACTOR, kind="referral", account_id=stage.account.pk, said=Said(today(), "Met", deal="Brix")).pk


def a_request(stage: Stage) -> int:
    return ask(actor=_ACTOR, wanted=Wanted("review"), account_id=stage.account.pk).pk


def a_draft_about_advocacy(stage: Stage) -> int:
    draft = start_draft(actor=_ACTOR, name="Advocacy")
    change_draft(actor=_ACTOR, draft=draft, change=lambda files: {**files, "advocacy.yaml": _FILE})
    return draft.pk


_ADVOCATE: dict[str, Any] = {"fill": {"advocate_id": an_advocate}}
_ACTIVITY: dict[str, Any] = {"fill": {"activity_id": an_activity}}
_REQUEST: dict[str, Any] = {"fill": {"request_id": a_request}}
_KIND: dict[str, Any] = {"fill": {"draft_id": a_draft_about_advocacy, "name": "plant_tour"}}
_FINDER: dict[str, Any] = {"fill": {"draft_id": a_draft_about_advocacy, "name": "everybody"}}
_DAY = "2026-01-05"
_SAID = {"happened_on": _DAY, "title": "Met"}
_CORRECTED = {**_SAID, "reason": "Wrong day"}
_PROFILE = {"status": "active"}
_LOGGED = {**_SAID, "kind": "referral"}

SPEAKING: dict[str, R] = {
    "advocacy/": R(SIGNED_IN),
    "advocacy/measures/": R(post=CONFIGURE),
    "advocacy/pipeline/": R(SIGNED_IN),
    "advocacy/pipeline/decide/": R(post=WRITE, data={"deal": "Brix", "result": "won"}),
    "advocacy/trend/": R(SIGNED_IN),
    "advocacy/new/": R(WRITE),
    "advocacy/advocates/": R(SIGNED_IN),
    "advocacy/advocates/<int:advocate_id>/": R(OF_ACCOUNT, **_ADVOCATE),
    "advocacy/advocates/<int:advocate_id>/edit/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, **_ADVOCATE, data=_PROFILE),
    "advocacy/advocates/<int:advocate_id>/status/": R(post=OF_ACCOUNT_WRITE, **_ADVOCATE, data={"status": "declined"}),
    "advocacy/advocates/<int:advocate_id>/remove/": R(post=OF_ACCOUNT_WRITE, **_ADVOCATE),
    "advocacy/candidates/": R(SIGNED_IN),
    "advocacy/find/": R(SIGNED_IN),
    "advocacy/requests/": R(SIGNED_IN),
    "advocacy/requests/new/": R(WRITE, WRITE, data={"kind": "review"}),
    "advocacy/requests/<int:request_id>/": R(OF_ACCOUNT, **_REQUEST),
    "advocacy/requests/<int:request_id>/choose/": R(post=OF_ACCOUNT_WRITE, **_REQUEST, data={"account": "acme"}),
    "advocacy/requests/<int:request_id>/step/": R(post=OF_ACCOUNT_WRITE, **_REQUEST, data={"status": "agreed"}),
    "advocacy/requests/<int:request_id>/done/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, **_REQUEST, data=_SAID),
    "advocacy/activities/": R(SIGNED_IN),
    "advocacy/activities/<int:activity_id>/": R(OF_ACCOUNT, **_ACTIVITY),
    "advocacy/activities/<int:activity_id>/correct/": R(
        OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, **_ACTIVITY, data=_CORRECTED
    ),
    "advocacy/activities/<int:activity_id>/withdraw/": R(post=OF_ACCOUNT_WRITE, **_ACTIVITY, data={"reason": "No"}),
    "customers/<str:account_id>/advocacy/new/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, data=_SAID),
    "customers/<str:account_id>/advocates/new/": R(OF_ACCOUNT_WRITE, OF_ACCOUNT_WRITE, data=_PROFILE),
    # what is configured
    "configure/advocacy/": R(CONFIGURE, CONFIGURE, data={"do": "add", "title": "Plant tour"}),
    "configure/advocacy/<int:draft_id>/": R(CONFIGURE, CONFIGURE, **_KIND, data={"do": "copy", "entry": "plant_tour"}),
    "configure/advocacy/<int:draft_id>/<slug:name>/": R(CONFIGURE, **_KIND),
    "configure/advocacy/<int:draft_id>/<slug:name>/save/": R(post=CONFIGURE, **_KIND, data={"revision": 1}),
    "configure/advocacy/<int:draft_id>/<slug:name>/yaml/": R(post=CONFIGURE, **_KIND, data={"revision": 1}),
    "configure/candidates/": R(CONFIGURE, CONFIGURE, data={"do": "add", "title": "Everybody"}),
    "configure/candidates/<int:draft_id>/": R(
        CONFIGURE, CONFIGURE, **_FINDER, data={"do": "copy", "entry": "everybody"}
    ),
    "configure/candidates/<int:draft_id>/<slug:name>/": R(CONFIGURE, **_FINDER),
    "configure/candidates/<int:draft_id>/<slug:name>/save/": R(post=CONFIGURE, **_FINDER, data={"revision": 1}),
    "configure/candidates/<int:draft_id>/<slug:name>/yaml/": R(post=CONFIGURE, **_FINDER, data={"revision": 1}),
    # over the API
    "api/v1/advocacy": R(SIGNED_IN),
    "api/v1/advocacy/kinds": R(SIGNED_IN),
    "api/v1/advocacy/candidates": R(SIGNED_IN),
    "api/v1/advocacy/find": R(SIGNED_IN, query="?kind=review"),
    "api/v1/advocacy/trend": R(SIGNED_IN),
    "api/v1/advocates": R(SIGNED_IN),
    "api/v1/accounts/<account_id>/advocates": R(post=OF_ACCOUNT_WRITE, data={}),
    "api/v1/advocates/<int:advocate_id>": R(
        OF_ACCOUNT, put=OF_ACCOUNT_WRITE, delete=OF_ACCOUNT_WRITE, **_ADVOCATE, data=_PROFILE
    ),
    "api/v1/advocacy/activities": R(SIGNED_IN),
    "api/v1/accounts/<account_id>/advocacy": R(post=OF_ACCOUNT_WRITE, data=_LOGGED),
    "api/v1/advocacy/activities/<int:activity_id>": R(OF_ACCOUNT, put=OF_ACCOUNT_WRITE, **_ACTIVITY, data=_CORRECTED),
    "api/v1/advocacy/activities/<int:activity_id>/withdraw": R(
        post=OF_ACCOUNT_WRITE, **_ACTIVITY, data={"reason": "No"}
    ),
    "api/v1/advocacy/deals/decide": R(post=WRITE, data={"deal": "Brix", "result": "won"}),
    "api/v1/advocacy/requests": R(SIGNED_IN, post=WRITE, data={"kind": "review"}),
    "api/v1/advocacy/requests/<int:request_id>": R(OF_ACCOUNT, **_REQUEST),
    "api/v1/advocacy/requests/<int:request_id>/person": R(
        put=OF_ACCOUNT_WRITE, **_REQUEST, data={"account_id": "acme"}
    ),
    "api/v1/advocacy/requests/<int:request_id>/status": R(put=OF_ACCOUNT_WRITE, **_REQUEST, data={"status": "agreed"}),
    "api/v1/advocacy/requests/<int:request_id>/done": R(post=OF_ACCOUNT_WRITE, **_REQUEST, data=_SAID),
}
