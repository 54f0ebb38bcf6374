"""Signing in, where it differs from allauth's, and what people set for themselves."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect.views import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.operations import choose_theme


def closed(request: HttpRequest, key: str = "") -> HttpResponse:
    """Nobody signs themselves up or changes their own address: people are invited, and an admin keeps addresses."""
    raise Http404


def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider and back, to sign in and for nothing else.

    A form may only be sent to this host (content security policy), so the way out is a page that moves on by itself.
    """
    if request.GET.get("process", "login") != "login":
        raise Http404
    answer: HttpResponse = login(request, provider_id)
    if request.method == "POST" and answer.status_code == 302:
        return render(request, "socialaccount/leaving.html", {"to": answer["Location"]})
    return answer


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the system says, then back to where one was."""
    choose_theme(user=actor_of(request).user, theme=request.POST.get("theme", ""))
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "/")
