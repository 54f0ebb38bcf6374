"""Configure › Channels: where alerts go beside people. Secrets are in the answer that made them, and nowhere else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import Person, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.notices.channels import operations, queries
from keepwell.apps.notices.channels.secrets import BOTH_WORK
from keepwell.apps.notices.forms.channels import ChannelForm, NewChannelForm
from keepwell.apps.notices.models import Channel, ChannelKind, DeliveryStatus
from keepwell.apps.ui.accepting import accepted

PAGE = 50


@never_cache
def channels(request: HttpRequest) -> HttpResponse:
    """Every channel, and a new one."""
    actor = actor_of(request)
    rows = queries.channels(actor)
    form = NewChannelForm(request.POST or None)
    if request.method == "POST":
        require(actor, Permission.ADMINISTER)
        made = accepted(form, lambda: operations.make_channel(actor=actor, **form.cleaned_data))
        if made is not None and made[1]:
            return _page(request, actor, queries.channel_for(actor, made[0].name), secret=made[1])
        if made is not None:
            return redirect("channel", made[0].name)
    context = {"rows": rows, "form": form, "may": actor.may(Permission.ADMINISTER)}
    return render(request, "notices/channels.html", context, status=422 if form.errors else 200)


@never_cache
def channel(request: HttpRequest, name: str) -> HttpResponse:
    """What it is, what was delivered, and what was given up."""
    actor = actor_of(request)
    found = queries.channel_for(actor, name)
    if request.method != "POST":
        return _page(request, actor, found)
    require(actor, Permission.ADMINISTER)
    form = ChannelForm(request.POST)
    changed = accepted(form, lambda: operations.change_channel(actor=actor, channel=found, **form.cleaned_data))
    if changed is None:
        return _page(request, actor, found, form=form)
    messages.success(request, "Saved.")
    return redirect("channel", name)


@never_cache
@require_POST
def rotate(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.channel_for(actor, name)
    secret = operations.rotate_secret(actor=actor, channel=found)
    return _page(request, actor, queries.channel_for(actor, name), secret=secret)


@require_POST
def try_out(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    operations.try_out(actor=actor, channel=queries.channel_for(actor, name))
    messages.success(request, "A message is on its way; what came of it stands below in a moment.")
    return redirect("channel", name)


@require_POST
def remove(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    lost = operations.remove_channel(actor=actor, channel=queries.channel_for(actor, name))
    left = f", and {lost:,} messages that were never sent with it" if lost else ""
    messages.success(request, f"The channel {name} is gone{left}.")
    return redirect("channels")


def _page(
    request: HttpRequest, actor: Person, found: Channel, *, form: ChannelForm | None = None, secret: str = ""
) -> HttpResponse:
    status = request.GET.get("status", "")
    rows = queries.deliveries(actor, channel=found, status=status if status in DeliveryStatus.values else "")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows[: PAGE + 1])
    unseen = queries.hidden(actor, shown)
    context = {
        "channel": found, "is_webhook": found.kind == ChannelKind.WEBHOOK, "secret": secret,
        "form": form or ChannelForm(initial={"active": found.active}), "may": actor.may(Permission.ADMINISTER),
        "rows": [(one, one.pk not in unseen) for one in shown[:PAGE]], "status": status,
        "older": shown[PAGE - 1].pk if len(shown) > PAGE else None, "statuses": DeliveryStatus.choices,
        "both_until": found.rotated_at + BOTH_WORK if found.rotated_at else None,
    }  # fmt: skip
    return render(request, "notices/channel.html", context, status=422 if form is not None else 200)
