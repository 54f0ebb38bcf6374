"""Overrides of one account and the card it is pinned to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.queries import account_for
from keepwell.apps.health.forms import OverrideForm, PinForm
from keepwell.apps.health.overriding import (
    override_score,
    overrides_of,
    pin_card,
    pins_of,
    scheme_of,
    unpin_card,
    withdraw_override,
)
from keepwell.apps.health.views.cards import titles
from keepwell.errors import RequestRefused


@require_http_methods(["GET", "HEAD", "POST"])
def overrides(request: HttpRequest, account_id: str) -> HttpResponse:
    """The overrides of an account as dated rows, and the form for another."""
    actor = actor_of(request)
    account_for(actor, account_id)
    form = OverrideForm(scheme_of(account_id), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            override_score(actor=actor, account_id=account_id, **form.cleaned_data)
            messages.success(request, "The override counts from now on.")
            return redirect("account_overrides", account_id)
        except RequestRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, account_id, "health/overrides.html", form, overrides=overrides_of(account_id))


@require_POST
def withdraw(request: HttpRequest, account_id: str, override_id: int) -> HttpResponse:
    withdraw_override(actor=actor_of(request), account_id=account_id, override_id=override_id)
    messages.success(request, "Withdrawn; it stays in the history.")
    return redirect("account_overrides", account_id)


@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest, account_id: str) -> HttpResponse:
    """The card an account is pinned to, and the form for pinning another."""
    actor = actor_of(request)
    account_for(actor, account_id)
    form = PinForm(titles(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pin_card(actor=actor, account_id=account_id, **form.cleaned_data)
            messages.success(request, "Pinned; the account is scored by this card from now on.")
            return redirect("account_pin", account_id)
        except RequestRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, account_id, "health/pin.html", form, pins=pins_of(account_id))


@require_POST
def unpin(request: HttpRequest, account_id: str) -> HttpResponse:
    unpin_card(actor=actor_of(request), account_id=account_id)
    messages.success(request, "Unpinned; the conditions of cards decide again.")
    return redirect("account_pin", account_id)


def _page(request: HttpRequest, account_id: str, template: str, form: Any, **context: Any) -> HttpResponse:
    actor = actor_of(request)
    account = account_for(actor, account_id)
    context |= {"account": account, "form": form, "may_write": actor.may(Permission.WRITE)}
    return render(request, template, context, status=422 if form.is_bound else 200)
