"""Success plans: all of them, one, and what is changed there."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.forms import ObjectiveForm, PlanForm
from keepwell.apps.cockpit.models import SuccessPlan
from keepwell.apps.cockpit.operations.plans import (
    add_objective,
    edit_plan,
    end_plan,
    make_plan,
    open_objective_call,
    set_objective,
)
from keepwell.apps.cockpit.owners import workers_of
from keepwell.apps.cockpit.progress import progress_of
from keepwell.apps.cockpit.queries import objective_for, plan_for, plans_seen
from keepwell.apps.cockpit.words import ObjectiveStatus, PlanStatus
from keepwell.apps.customers.queries import account_for
from keepwell.errors import FieldRefused

SHOWN = 100


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Plans of all customers one sees, those that are active unless asked otherwise."""
    actor, every = actor_of(request), request.GET.get("all") == "yes"
    found = plans_seen(actor) if every else plans_seen(actor).filter(status=PlanStatus.ACTIVE)
    context = {"plans": progress_of(found[:SHOWN]), "all": every, "tab": "plans"}
    return render(request, "cockpit/plans.html", context)


@require_GET
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    return _page(request, plan_for(actor_of(request), plan_id))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, account_id: str) -> HttpResponse:
    """A plan of one customer."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    said = request.POST if request.method == "POST" else None
    form = PlanForm(said, initial={"starts_on": today_of(actor.user)}, people=workers_of(account))
    if form.is_valid():
        try:
            made = make_plan(actor=actor, account_id=account_id, **form.cleaned_data)
            return redirect("plan", made.pk)
        except FieldRefused as refused:
            _refuse(form, refused)
    status = 422 if form.is_bound else 200
    return render(request, "cockpit/plan_new.html", {"account": account, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = plan_for(actor, plan_id)
    require(actor, Permission.WRITE)
    initial = {name: getattr(found, name) for name in ("title", "text", "owner_id", "starts_on", "ends_on")}
    form = PlanForm(
        request.POST if request.method == "POST" else None, initial=initial, people=workers_of(found.account)
    )
    if form.is_valid():
        try:
            edit_plan(actor=actor, plan_id=plan_id, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("plan", plan_id)
        except FieldRefused as refused:
            _refuse(form, refused)
    context = {"account": found.account, "plan": found, "form": form}
    return render(request, "cockpit/plan_new.html", context, status=422 if form.is_bound else 200)


@require_POST
def status(request: HttpRequest, plan_id: int) -> HttpResponse:
    said = request.POST.get("status", "")
    return _changed(request, plan_id, lambda: end_plan(actor=actor_of(request), plan_id=plan_id, status=said))


@require_POST
def objective(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One more objective."""
    found = plan_for(actor_of(request), plan_id)
    form = ObjectiveForm(request.POST, people=workers_of(found.account))
    if form.is_valid():
        try:
            add_objective(actor=actor_of(request), plan_id=plan_id, **form.cleaned_data)
            return redirect("plan", plan_id)
        except FieldRefused as refused:
            _refuse(form, refused)
    return _page(request, found, form)


@require_POST
def objective_status(request: HttpRequest, objective_id: int) -> HttpResponse:
    actor, said = actor_of(request), request.POST.get("status", "")
    plan_id = _plan_of(request, objective_id)
    return _changed(request, plan_id, lambda: set_objective(actor=actor, objective_id=objective_id, status=said))


@require_POST
def objective_call(request: HttpRequest, objective_id: int) -> HttpResponse:
    """A call that works towards an objective."""
    actor, title = actor_of(request), request.POST.get("title", "")
    plan_id = _plan_of(request, objective_id)
    return _changed(request, plan_id, lambda: open_objective_call(actor=actor, objective_id=objective_id, title=title))


def _plan_of(request: HttpRequest, objective_id: int) -> int:
    return objective_for(actor_of(request), objective_id).plan_id


def _page(request: HttpRequest, found: SuccessPlan, form: ObjectiveForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "plan": found, "account": found.account, "progress": progress_of([found])[0], "statuses": PlanStatus,
        "objective_statuses": ObjectiveStatus, "form": form or ObjectiveForm(people=workers_of(found.account)),
        "failed": form is not None, "may_write": actor.may(Permission.WRITE), "today": today_of(actor.user),
    }  # fmt: skip
    return render(request, "cockpit/plan.html", context, status=422 if form else 200)


def _changed(request: HttpRequest, plan_id: int, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except FieldRefused as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect("plan", plan_id)


def _refuse(form: forms.Form, refused: FieldRefused) -> None:
    meant = {"owner": "owner_id"}.get(refused.field, refused.field)
    form.add_error(meant if meant in form.fields else None, str(refused))
