"""What somebody is told, how and when."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.notices.forms.settings import AlertSettingsForm
from keepwell.apps.notices.kinds import kinds_for
from keepwell.apps.notices.preferences import choose, preferences_of
from keepwell.apps.notices.registering import usual_zone
from keepwell.apps.notices.timing import goes_out
from keepwell.apps.ui.accepting import accepted


def alert_settings(request: HttpRequest) -> HttpResponse:
    """One's own; nobody sees or sets those of others."""
    actor = actor_of(request)
    chosen = preferences_of([actor.user])[actor.user.pk]
    kinds = kinds_for(administers=actor.may(Permission.ADMINISTER))
    form = AlertSettingsForm(request.POST or None, kinds=kinds, chosen=chosen, usual_zone=usual_zone())
    saved = accepted(form, lambda: choose(actor=actor, wanted=form.chosen())) if request.method == "POST" else None
    if saved is not None:
        messages.success(request, "Saved.")
        return redirect("alert_settings")
    now, rhythm = timezone.now(), chosen.rhythm
    goes = goes_out(rhythm, now)
    context = {"form": form, "at_once": goes <= now, "next": goes.astimezone(rhythm.zone), "zone": rhythm.zone.key}
    return render(request, "notices/settings.html", context, status=422 if form.errors else 200)
