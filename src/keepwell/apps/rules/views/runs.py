"""Runs of rules: what each decided and did, whom it considered, and what people decide about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Person
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.configuration.views.asking import configurator, say
from keepwell.apps.rules import operations, queries
from keepwell.apps.rules.considered import considered_in
from keepwell.apps.rules.models import EffectStatus, RuleRun, RunStatus
from keepwell.apps.rules.performers import performers
from keepwell.apps.rules.wording import title_of
from keepwell.errors import InputError

PAGE = 50


def runs(request: HttpRequest) -> HttpResponse:
    """Runs of all rules, newest first, narrowed by rule, state and account."""
    configurator(request)
    asked = {key: request.GET.get(key, "")[:200] for key in ("rule", "status", "q")}
    found = queries.runs(**asked)
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(pk__lt=int(before[:18]))
    some = list(found[: PAGE + 1])
    words = queries.effects_in_words(some[:PAGE])
    project = current_project()
    ran = RuleRun.objects.order_by("rule").values_list("rule", flat=True).distinct()
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "runs": [(one, title_of(one.rule, _rule(project, one.rule)), words[one.pk]) for one in some[:PAGE]],
        "next": some[PAGE - 1].pk if len(some) > PAGE else None,
        "rules": [(name, title_of(name, _rule(project, name))) for name in ran],
        "statuses": [*RunStatus.choices, ("failed", "With failures")],
        "asked": asked,
        "query": query.urlencode(),
    }
    return render(request, "rules/runs.html", context)


def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: counts, its effects by account, and whom it considered."""
    actor = configurator(request)
    return _run(request, actor, queries.run(run_id))


def considered(request: HttpRequest, run_id: int) -> HttpResponse:
    """Each account that the run considered, with why."""
    actor, found = configurator(request), queries.run(run_id)
    q, only, start = (request.GET.get(key, "")[:200] for key in ("q", "only", "start"))
    context = {
        "run": found,
        "looked": considered_in(actor, found, q=q, only=only, start=int(start[:9]) if start.isdecimal() else 0),
        "q": q,
        "only": only,
    }
    whole = not request.headers.get("HX-Request")
    return render(request, "rules/considered.html" if whole else "rules/_considered.html", context)


@require_POST
def now(request: HttpRequest, rule: str) -> HttpResponse:
    """A worker decides the rule now; its run appears on its page."""
    actor = configurator(request)
    try:
        operations.run_now(actor=actor, rule=rule)
        messages.success(request, "A worker looks at it now; its run appears below in a moment.")
    except InputError as refused:
        say(request, refused)
    return redirect("rule", rule)


@require_POST
def approve(request: HttpRequest, run_id: int) -> HttpResponse:
    return _decided(request, run_id, "Approved: a worker does it now.", operations.approve)


@require_POST
def reject(request: HttpRequest, run_id: int) -> HttpResponse:
    change = partial(operations.reject, remark=request.POST.get("remark", ""))
    return _decided(request, run_id, "Rejected: nothing of it is done.", change)


@require_POST
def again(request: HttpRequest, run_id: int) -> HttpResponse:
    """What failed, and what was left out because of it, is done again."""
    return _changed(request, run_id, "A worker tries again what failed.",
                    lambda actor: operations.try_again(actor=actor, run_id=run_id))  # fmt: skip


@require_POST
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    """The page then says what was taken back, and what stays and why."""

    def said(actor: Person) -> str:
        found = operations.undo_run(actor=actor, run_id=run_id)
        stays = f" {len(found.stays)} stay; below is why." if found.stays else ""
        unseen = f" {found.unseen:,} stay, for accounts that you do not see." if found.unseen else ""
        return f"{found.taken_back} taken back.{stays}{unseen}"

    return _changed(request, run_id, "", said)


def _decided(request: HttpRequest, run_id: int, words: str, decide: Callable[..., RuleRun]) -> HttpResponse:
    """For accounts that the person sees; what is left to others is said."""

    def said(actor: Person) -> str:
        left = queries.left_to_others(actor, decide(actor=actor, run_id=run_id))
        return f"{words} {left:,} effects for accounts that you do not see still wait." if left else words

    return _changed(request, run_id, "", said)


def _changed(request: HttpRequest, run_id: int, words: str, work: Callable[[Person], Any]) -> HttpResponse:
    actor = configurator(request)
    try:
        told = work(actor)
        messages.success(request, words or told)
    except InputError as refused:
        say(request, refused)
    return redirect("rule_run", run_id)


def _run(request: HttpRequest, actor: Person, found: RuleRun) -> HttpResponse:
    asked = {key: request.GET.get(key, "")[:200] for key in ("kind", "status", "q")}
    after = request.GET.get("from", "")
    start = int(after[:9]) if after.isdecimal() else 0
    some = list(queries.effects(actor, found, **asked)[start : start + PAGE + 1])
    project = current_project()
    query = request.GET.copy()
    query.pop("from", None)
    counts = queries.counts(found)
    context = {
        "run": found,
        "title": title_of(found.rule, _rule(project, found.rule)),
        "is_in_force": _rule(project, found.rule) is not None,
        "would": queries.effects_in_words([found])[found.pk],
        "counts": [(kind, [(EffectStatus(status).label, number) for status, number in by.items()])
                   for kind, by in counts.items()],
        "effects": some[:PAGE],
        "next": start + PAGE if len(some) > PAGE else None,
        "hidden": found.effects.count() - queries.effects(actor, found).count(),
        "outside": sorted({kind for kind in counts if kind in performers() and performers()[kind].outside}),
        "failed": any(by.get("failed") for by in counts.values()),
        "may_decide": actor.may(Permission.BULK),
        "left_to_others": queries.left_to_others(actor, found),
        "yours": queries.effects_seen(actor, found).filter(status=EffectStatus.PROPOSED).exists(),
        "looked": considered_in(actor, found),
        "statuses": EffectStatus.choices,
        "asked": asked,
        "query": query.urlencode(),
    }  # fmt: skip
    template = "rules/_run.html" if request.GET.get("part") == "run" else "rules/run.html"
    return render(request, template, context)


def _rule(project: Any, name: str) -> Any:
    return project.rules.get(name) if project else None
