"""What a rule of a draft would do: now, and over the last year."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import draft as draft_for
from keepwell.apps.rest.authentication import CONFIGURE, actor_of
from keepwell.apps.rest.schemas import Id
from keepwell.apps.rules.api import schemas as s
from keepwell.apps.rules.api.rules import plan_out
from keepwell.apps.rules.replaying.asking import ask_for_replay, replay_of
from keepwell.apps.rules.replaying.models import RuleReplay
from keepwell.apps.rules.trying import planned, tried
from keepwell.definitions.project import Project

router = Router(tags=["Rules"])


@router.get(
    "/drafts/{int:draft_id}/rules/{name}/matching",
    response=s.MatchingOut,
    auth=CONFIGURE,
    summary="Whom a drafted rule matches",
)
def get_draft_matching(request: HttpRequest, draft_id: Id, name: str) -> dict[str, Any]:
    """As the last run left accounts, whatever it did before; 422 with every issue while the draft is not valid."""
    actor = actor_of(request)
    found = tried(actor, _project(actor, draft_id, name), name)
    sample = [{**vars(one), "reasons": [vars(why) for why in one.reasons]} for one in found.sample]
    return {**vars(found), "sample": sample}


@router.get(
    "/drafts/{int:draft_id}/rules/{name}/plan", response=s.PlanOut, auth=CONFIGURE, summary="What it would do now"
)
def get_draft_plan(request: HttpRequest, draft_id: Id, name: str) -> dict[str, Any]:
    """From where accounts stand with it; nothing is done."""
    actor = actor_of(request)
    return plan_out(planned(actor, _project(actor, draft_id, name), [name]))


@router.get(
    "/drafts/{int:draft_id}/rules/{name}/replay", response=s.ReplayOut, auth=CONFIGURE, summary="The year of a rule"
)
def get_draft_replay(request: HttpRequest, draft_id: Id, name: str) -> dict[str, Any]:
    """How often it would have acted, and how many of those accounts left, where that was asked for."""
    actor = actor_of(request)
    _project(actor, draft_id, name)
    return _replay(replay_of(_draft(actor, draft_id).files, name))


@router.post(
    "/drafts/{int:draft_id}/rules/{name}/replay",
    response={202: s.ReplayOut},
    auth=CONFIGURE,
    summary="Replay the year of a rule",
)
def post_draft_replay(request: HttpRequest, draft_id: Id, name: str) -> Status[dict[str, Any]]:
    """Asks a worker for it; asking twice asks once."""
    actor = actor_of(request)
    _project(actor, draft_id, name)
    return Status(202, _replay(ask_for_replay(actor=actor, files=_draft(actor, draft_id).files, rule=name)))


def _draft(actor: Actor, draft_id: int) -> Draft:
    require(actor, Permission.CONFIGURE)
    return draft_for(draft_id)


def _project(actor: Actor, draft_id: int, name: str) -> Project:
    """Raises DefinitionsRefused for a draft that is not valid, NotVisible for a rule that it does not have."""
    project = project_of(_draft(actor, draft_id).files)
    if name not in project.rules:
        raise NotVisible
    return project


def _replay(one: RuleReplay | None) -> dict[str, Any]:
    if one is None:
        return {"status": "none", "done": 0, "total": 0, "error": "", "result": {}}
    return {"status": one.status, "done": one.done, "total": one.total, "error": one.error, "result": one.result}
