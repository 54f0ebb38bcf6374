"""Rules in force, and what they would do now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.apps.rest.authentication import CONFIGURE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rules import operations, queries
from keepwell.apps.rules.api import schemas as s
from keepwell.apps.rules.editing.form import ENTRIES
from keepwell.apps.rules.trying import Planned, planned
from keepwell.definitions.kinds import KINDS

router = Router(tags=["Rules"])


@router.get("/rules", response=list[s.RuleOut], auth=CONFIGURE, summary="Rules in force")
def list_rules(request: HttpRequest) -> list[dict[str, Any]]:
    """In the order in which they act."""
    _configurator(request)
    return [_out(one) for one in queries.rules_listed()]


@router.get("/rules/{name}", response=s.RuleDetail, auth=CONFIGURE, summary="A rule in force")
def get_rule(request: HttpRequest, name: str) -> dict[str, Any]:
    """With its YAML, and how many accounts it treated and left alone."""
    _configurator(request)
    _, rule = queries.rule_in_force(name)
    version = current_version()
    assert version is not None
    listed = next(one for one in queries.rules_listed() if one.name == name)
    definition = KINDS["rules"].adapter.dump_python(rule, mode="json", by_alias=True, exclude_defaults=True)
    return {**_out(listed), **vars(queries.treated_by(name)), "yaml": ENTRIES.text_of(version.files, name),
            "definition": definition}  # fmt: skip


@router.get("/rules/{name}/open", response=Page[s.OpenOut], auth=CONFIGURE, summary="Where a rule is open")
def list_open_accounts(request: HttpRequest, name: str, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Accounts that you see for which it acted and is not over, by id."""
    actor = _configurator(request)
    queries.rule_in_force(name)
    found = page(queries.open_for(actor, name), ["pk"], cursor, limit)
    return {**found, "items": [{"account_id": one.pk, "name": one.name} for one in found["items"]]}


@router.get("/rules/{name}/plan", response=s.PlanOut, auth=CONFIGURE, summary="What a rule would do now")
def get_rule_plan(request: HttpRequest, name: str) -> dict[str, Any]:
    """From the scores of the last run and where accounts stand with it; nothing is done."""
    actor = _configurator(request)
    project, _ = queries.rule_in_force(name)
    return plan_out(planned(actor, project, [name]))


@router.post("/rules/{name}/run", response={202: None}, auth=CONFIGURE, summary="Run a rule now")
def run_rule(request: HttpRequest, name: str) -> Status[None]:
    """A worker decides it for everybody as they are now; the run is then among `/rule-runs`."""
    operations.run_now(actor=actor_of(request), rule=name)
    return Status(202, None)


@router.get("/rule-plan", response=s.PlanOut, auth=CONFIGURE, summary="What all rules would do now")
def get_plan(request: HttpRequest) -> dict[str, Any]:
    """All that are enabled, in their order; nothing is done."""
    actor = _configurator(request)
    project = current_project()
    names = [name for name, one in project.rules_in_order().items() if one.enabled] if project else []
    return plan_out(planned(actor, project, names) if project and names else Planned(why_none="no rule is enabled"))


def plan_out(found: Planned) -> dict[str, Any]:
    plan = found.plan
    return {
        "as_of": found.as_of, "sentence": plan.sentence if plan else "", "effects": plan.effects if plan else {},
        "by_rule": plan.by_rule if plan else {}, "held_out": plan.held_out if plan else 0,
        "approval": list(plan.approval) if plan else [], "refused": found.refused, "why_none": found.why_none,
        "sample": [
            {"rule": one.rule, "account_id": one.account_id, "name": name, "part": one.part, "kind": one.kind,
             "parameters": dict(one.parameters), "reason": [vars(why) for why in one.reason], "held_out": one.held_out}
            for name, one in found.sample
        ],
    }  # fmt: skip


def _out(one: queries.Listed) -> dict[str, Any]:
    return {
        "name": one.name, "title": one.title, "sentence": one.sentence, "fired": one.acted, "open": one.open,
        "waiting": one.waiting, "stopped": one.stopped, "enabled": one.rule is not None and one.rule.enabled,
        "last_run_id": one.last.pk if one.last else None,
    }  # fmt: skip


def _configurator(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require(actor, Permission.CONFIGURE)
    return actor
