"""Runs of rules: what they decided and did, and what people decide about it."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.rest.authentication import BULK, CONFIGURE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id
from keepwell.apps.rules import operations, queries
from keepwell.apps.rules.api import schemas as s
from keepwell.apps.rules.considered import considered_in
from keepwell.apps.rules.models import RuleRun

router = Router(tags=["Rules"])
Word = Annotated[str, Query(max_length=200)]


@router.get("/rule-runs", response=Page[s.RunOut], auth=CONFIGURE, summary="Runs of rules")
def list_rule_runs(
    request: HttpRequest, rule: Word = "", status: Word = "", account: Word = "", cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Newest first. `status`: of the run, or `failed` for those with effects that failed; `account`: part of a name."""
    _configurator(request)
    found = page(queries.runs(rule=rule, status=status, q=account), ["-decided_at", "-pk"], cursor, limit)
    words = queries.effects_in_words(found["items"])
    return {**found, "items": [{**_fields(one), "does": words[one.pk]} for one in found["items"]]}


@router.get("/rule-runs/{int:run_id}", response=s.RunDetail, auth=CONFIGURE, summary="A run of a rule")
def get_rule_run(request: HttpRequest, run_id: Id) -> dict[str, Any]:
    """With how many effects of each kind are done, wait, failed or were held out."""
    return _detail(_configurator(request), queries.run(run_id))


@router.get("/rule-runs/{int:run_id}/effects", response=Page[s.EffectOut], auth=CONFIGURE, summary="Effects of a run")
def list_effects(
    request: HttpRequest, run_id: Id, kind: Word = "", status: Word = "", account: Word = "", cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:  # fmt: skip
    """For accounts that you see, in the order of their making."""
    actor = _configurator(request)
    found = queries.effects(actor, queries.run(run_id), kind=kind, status=status, q=account)
    return page(found, ["pk"], cursor, limit)


@router.get("/rule-runs/{int:run_id}/considered", response=s.ConsideredOut, auth=CONFIGURE, summary="Whom a run saw")
def list_considered(
    request: HttpRequest, run_id: Id, account: Word = "", only: Word = "",
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> dict[str, Any]:  # fmt: skip
    """Accounts that you see with why each matched or not; `only`: matching or others."""
    actor = _configurator(request)
    found = considered_in(actor, queries.run(run_id), q=account, only=only, start=start)
    items = [{**vars(one), "reasons": [vars(why) for why in one.reasons]} for one in found.rows]
    return {"items": items, "count": found.count, "next": found.next, "why_none": found.why_none}


@router.post("/rule-runs/{int:run_id}/approve", response=s.RunDetail, auth=BULK, summary="Approve a run")
def approve_rule_run(request: HttpRequest, run_id: Id) -> dict[str, Any]:
    """A worker does what it would do for accounts that you see; `left_to_others` still wait."""
    actor = actor_of(request)
    return _detail(actor, operations.approve(actor=actor, run_id=run_id))


@router.post("/rule-runs/{int:run_id}/reject", response=s.RunDetail, auth=BULK, summary="Reject a run")
def reject_rule_run(request: HttpRequest, run_id: Id, sent: s.RemarkIn) -> dict[str, Any]:
    """Nothing of it is done for accounts that you see, and the same is not proposed again at once."""
    actor = actor_of(request)
    return _detail(actor, operations.reject(actor=actor, run_id=run_id, remark=sent.remark))


@router.post("/rule-runs/{int:run_id}/undo", response=s.UndoneOut, auth=BULK, summary="Undo a run")
def undo_rule_run(request: HttpRequest, run_id: Id) -> dict[str, Any]:
    """What it opened closes as withdrawn, what it set returns to what stood there; the rest is told."""
    found = operations.undo_run(actor=actor_of(request), run_id=run_id)
    stays = [{"effect_id": one.pk, "account_id": one.account_id, "kind": one.kind, "reason": why}
             for one, why in found.stays]  # fmt: skip
    return {"taken_back": found.taken_back, "stays": stays, "unseen": found.unseen}


@router.post("/rule-runs/{int:run_id}/retry", response=Done, auth=BULK, summary="Try a run again")
def retry_rule_run(request: HttpRequest, run_id: Id) -> dict[str, int]:
    """Effects that failed, and those left out because of them."""
    return {"changed": operations.try_again(actor=actor_of(request), run_id=run_id)}


def _detail(actor: Actor, run: RuleRun) -> dict[str, Any]:
    return {**_fields(run), "does": queries.effects_in_words([run])[run.pk], "effects": queries.counts(run),
            "left_to_others": queries.left_to_others(actor, run)}  # fmt: skip


def _fields(run: RuleRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in s.RunOut.model_fields if name != "does"}


def _configurator(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, Permission.CONFIGURE)
    return actor
