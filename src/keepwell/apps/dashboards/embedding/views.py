"""Pages of links: those that I made, and a new one for a dashboard as it is narrowed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keepwell.apps.access.actors import actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.embedding.finding import address_of
from keepwell.apps.dashboards.embedding.operations import make_embed, revoke_embed
from keepwell.apps.dashboards.embedding.queries import embeds_of
from keepwell.errors import FieldRefused

SHOWN = 100
_DAYS = [(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "A year")]


class EmbedForm(forms.Form):
    origins = forms.CharField(
        label="Pages that may show it", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Scheme and host of each, one a line, such as https://intranet.example.com",
    )  # fmt: skip
    days = forms.TypedChoiceField(label="Until", choices=_DAYS, coerce=int, initial=90)


@require_GET
def embeds(request: HttpRequest) -> HttpResponse:
    """With the links themselves."""
    now = timezone.now()
    found = [(one, address_of(one), one.is_over(now)) for one in embeds_of(actor_of(request))[:SHOWN]]
    return render(request, "dashboards/embedding/list.html", {"embeds": found})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Of a dashboard, with the filters that the address has."""
    actor = actor_of(request)
    shown, query = dashboard_for(actor, key), request.GET.urlencode()
    require(actor, Permission.WRITE)
    form = EmbedForm(request.POST or None)
    if form.is_valid():
        try:
            make_embed(actor=actor, key=key, query=query, days=form.cleaned_data["days"],
                       origins=form.cleaned_data["origins"].splitlines())  # fmt: skip
        except FieldRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, "Made. Put the address into a frame of your page.")
            return redirect("embeds")
    context: dict[str, Any] = {"shown": shown, "form": form, "query": query}
    return render(request, "dashboards/embedding/new.html", context, status=422 if form.is_bound else 200)


@require_POST
def revoke(request: HttpRequest, embed_id: int) -> HttpResponse:
    revoke_embed(actor=actor_of(request), embed_id=embed_id)
    messages.success(request, "Taken back: the link shows nothing any more.")
    return redirect("embeds")
