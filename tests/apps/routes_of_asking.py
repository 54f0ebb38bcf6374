"""Who gets what of asking and answering: one line a route, as in test_routes.py."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.actors import System
from keepwell.apps.surveys.operations import add_link, send
from tests.apps.deciding import CLOSED, OF_ACCOUNT, OF_ACCOUNT_WRITE, OPEN, SEND, R, Stage
from tests.apps.surveys.conftest import publish_survey
from tests.apps.things import a_person


def a_survey_in_force(stage: Stage) -> str:
    publish_survey()
    return "pulse"


def a_send(stage: Stage) -> int:
    return send(actor=System("tests"), survey=a_survey_in_force(stage)).pk


def a_link(stage: Stage) -> int:
    return add_link(actor=System("tests"), survey=a_survey_in_force(stage)).pk


_SURVEY: dict[str, Any] = {"fill": {"survey": a_survey_in_force}}
_SEND: dict[str, Any] = {"fill": {"survey": "pulse", "send_id": a_send}}
_LINK: dict[str, Any] = {"fill": {"survey": "pulse", "link_id": a_link}}
_PERSON: dict[str, Any] = {"fill": {"key": a_person}}
_BOUNCES = {"bounces": [{"address": "a@acme.example"}]}

ASKING: dict[str, R] = {
    # of those who answer; what no token opens is not there for anybody
    "s/ask": R(post=OPEN),
    "s/<str:token>": R(CLOSED, CLOSED, fill={"token": "nothing"}),
    "s/a/<str:token>": R(CLOSED, CLOSED, fill={"token": "nothing"}),
    "s/<str:token>/unsubscribe": R(OPEN, OPEN, fill={"token": "nothing"}),
    # sending
    "surveys/<slug:survey>/send/": R(SEND, SEND, **_SURVEY),
    "surveys/<slug:survey>/send/plan/": R(SEND, **_SURVEY),
    "surveys/<slug:survey>/send/<int:send_id>/stop/": R(post=SEND, **_SEND),
    "surveys/<slug:survey>/send/<int:send_id>/links.csv": R(SEND, **_SEND),
    "surveys/<slug:survey>/links/add/": R(post=SEND, **_SURVEY),
    "surveys/<slug:survey>/links/<int:link_id>/close/": R(post=SEND, **_LINK),
    "surveys/people/<uuid:key>/stop-asking/": R(post=SEND, **_PERSON),
    "surveys/people/<uuid:key>/ask-again/": R(post=SEND, **_PERSON),
    # over the API
    "api/v1/surveys/<str:survey>/plan": R(SEND, **_SURVEY),
    "api/v1/surveys/<str:survey>/sends": R(SEND, SEND, **_SURVEY),
    "api/v1/survey-sends/<int:send_id>/stop": R(post=SEND, **_SEND),
    "api/v1/surveys/<str:survey>/invitations": R(SEND, **_SURVEY),
    "api/v1/surveys/<str:survey>/links": R(SEND, SEND, **_SURVEY),
    "api/v1/survey-links/<int:link_id>/close": R(post=SEND, **_LINK),
    "api/v1/survey-bounces": R(post=SEND, data=_BOUNCES),
    "api/v1/people/<uuidstr:key>/refusals": R(OF_ACCOUNT, **_PERSON),
    "api/v1/people/<uuidstr:key>/stop-asking": R(post=OF_ACCOUNT_WRITE, **_PERSON),
    "api/v1/people/<uuidstr:key>/ask-again": R(post=SEND, **_PERSON),
}
