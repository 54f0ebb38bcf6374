"""Scores that people enter for one account or one of its units, with what counts and what was said before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import NotVisible, actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.models import Account, Relationship
from keepwell.apps.customers.queries import account_for, unit_of, units_of
from keepwell.apps.health.dating import dates
from keepwell.apps.health.entering import enter_score, entered_measures, kind_of, withdraw_score
from keepwell.apps.health.forms import OverrideForm, PinForm, ScoreForm
from keepwell.apps.health.manual import history_of, standing_of, standings
from keepwell.apps.health.models import CurrentHealth, CurrentUnitHealth
from keepwell.apps.health.overriding import overrides_of, pins_of, scheme_of
from keepwell.apps.health.reminding import link_of
from keepwell.apps.health.views.cards import titles
from keepwell.apps.ui.formatting import score_text
from keepwell.definitions.measures import Measure
from keepwell.errors import RequestRefused


@require_GET
def account_scores(request: HttpRequest, account_id: str) -> HttpResponse:
    """Everything that people decided about the score of an account, on one page."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    context = {
        "account": account,
        "standings": standings(account),
        "overrides": overrides_of(account_id),
        "pins": pins_of(account_id),
        "units": units_of(account) if entered_measures(kind="relationship") else (),
        "override_form": OverrideForm(scheme_of(account_id)),
        "pin_form": PinForm(titles()),
        "may_write": actor.may(Permission.WRITE),
    }
    return render(request, "health/account_scores.html", context)


@require_GET
def unit_scores(request: HttpRequest, account_id: str, unit_id: str) -> HttpResponse:
    """The measures that people enter for a unit."""
    actor = actor_of(request)
    account = account_for(actor, account_id)
    unit = unit_of(account, unit_id)
    context = {
        "account": account,
        "unit": unit,
        "standings": standings(account, unit),
        "may_write": actor.may(Permission.WRITE),
    }
    return render(request, "health/unit_scores.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def measure_score(request: HttpRequest, account_id: str, measure: str, unit_id: str | None = None) -> HttpResponse:
    """One measure of an account or unit: the form, which source counts and why, and its history."""
    actor = actor_of(request)
    account, unit = _whose(request, account_id, unit_id)
    found = _measure(measure, unit)
    form = ScoreForm(found, request.POST or None, initial={"day": dates().counting})
    if request.method == "POST" and form.is_valid():
        try:
            enter_score(actor=actor, account_id=account_id, unit_id=unit_id, measure=measure, **form.cleaned_data)
            messages.success(request, f"Saved. {_now(account_id, unit_id)}")
            return redirect(link_of(account_id, unit_id, measure))
        except RequestRefused as refused:
            form.add_error(None, str(refused))
    return _measure_page(request, account, unit, measure, found, form)


@require_POST
def withdraw(request: HttpRequest, account_id: str, measure: str, unit_id: str | None = None) -> HttpResponse:
    _, unit = _whose(request, account_id, unit_id)
    _measure(measure, unit)
    try:
        withdraw_score(
            actor=actor_of(request), account_id=account_id, unit_id=unit_id, measure=measure,
            comment=request.POST.get("comment", "")[:5000],
        )  # fmt: skip
        messages.success(request, f"Withdrawn. {_now(account_id, unit_id)}")
    except RequestRefused as refused:
        messages.error(request, str(refused))
    return redirect(link_of(account_id, unit_id, measure))


@require_GET
def history(request: HttpRequest, account_id: str, measure: str, unit_id: str | None = None) -> HttpResponse:
    """The history of a measure alone, for panels of other pages."""
    account, unit = _whose(request, account_id, unit_id)
    _measure(measure, unit)
    context = {"account": account, "unit": unit, "history": history_of(account_id, measure, unit)}
    return render(request, "health/_history.html", context)


def _whose(request: HttpRequest, account_id: str, unit_id: str | None) -> tuple[Account, Relationship | None]:
    """The account, which the person sees, and its unit where one is meant. Raises NotVisible."""
    account = account_for(actor_of(request), account_id)
    return account, None if unit_id is None else unit_of(account, unit_id)


def _measure_page(
    request: HttpRequest, account: Account, unit: Relationship | None, name: str, measure: Measure, form: ScoreForm
) -> HttpResponse:
    context = {
        "account": account,
        "unit": unit,
        "name": name,
        "one": standing_of(account, name, measure, unit),
        "form": form,
        "history": history_of(account.pk, name, unit),
        "may_write": actor_of(request).may(Permission.WRITE),
    }
    return render(request, "health/measure.html", context, status=422 if form.is_bound else 200)


def _measure(name: str, unit: Relationship | None) -> Measure:
    found = entered_measures(kind=kind_of(unit)).get(name)
    if found is None:
        raise NotVisible
    return found


def _now(account_id: str, unit_id: str | None) -> str:
    """What the score of the account or unit is now, in a sentence."""
    health: CurrentHealth | CurrentUnitHealth | None = (
        CurrentHealth.objects.filter(pk=account_id).first()
        if unit_id is None
        else CurrentUnitHealth.objects.filter(pk=unit_id).first()
    )
    if health is None:
        return "It counts from the next run on."
    return f"The score is {score_text(health.score)}, {health.label}, as of {health.as_of:%d %b %Y}."
