"""Configure › Write keys."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.ui.accepting import is_accepted
from keepwell.apps.usage.forms.write_keys import KeepingForm, WriteKeyForm
from keepwell.apps.usage.models import WriteKey
from keepwell.apps.usage.operations.write_keys import change_write_key, create_write_key, revoke_write_key
from keepwell.apps.usage.queries.write_keys import write_key, write_keys


def keys(request: HttpRequest) -> HttpResponse:
    """Every key, and a new one."""
    actor = actor_of(request)
    rows = write_keys(actor)
    form = WriteKeyForm(request.POST or None)
    made: list[WriteKey] = []

    def make() -> None:
        said = {"origins": form.lines("origins"), "properties": form.lines("properties")}
        made.append(create_write_key(actor=actor, name=form.cleaned_data["name"], **said))

    if request.method == "POST" and is_accepted(form, make):
        return redirect("write_key", made[0].pk)
    status = 422 if form.errors else 200
    return render(request, "usage/write_keys.html", {"rows": rows, "form": form}, status=status)


def key(request: HttpRequest, key_id: int) -> HttpResponse:
    """One key: how to send with it, what it may and keeps."""
    actor = actor_of(request)
    found = write_key(actor, key_id)
    stands = {"origins": "\n".join(found.origins), "properties": "\n".join(found.properties)}
    form = KeepingForm(request.POST or None, initial=stands)

    def change() -> None:
        said = {"origins": form.lines("origins"), "properties": form.lines("properties")}
        change_write_key(actor=actor, key_id=key_id, **said)

    if request.method == "POST" and is_accepted(form, change):
        messages.success(request, "Saved. It counts for what is sent from now on.")
        return redirect("write_key", key_id)
    context = {"one": found, "form": form, "host": settings.ENVIRONMENT.public_url}
    return render(request, "usage/write_key.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    found = revoke_write_key(actor=actor_of(request), key_id=key_id)
    messages.success(request, f"Nothing is taken with {found.name} any more.")
    return redirect("write_keys")
