"""One message to a channel: what was sent, what was answered; and those that were given up."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.notices.channels import dead_letters, queries
from keepwell.apps.notices.models import DeliveryStatus


@never_cache
def delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    found = queries.delivery_for(actor_of(request), delivery_id)
    body = json.dumps(json.loads(found.body), indent=2, ensure_ascii=False)
    is_dead = found.status == DeliveryStatus.DEAD
    return render(request, "notices/delivery.html", {"one": found, "body": body, "is_dead": is_dead})


@require_POST
def replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.delivery_for(actor, delivery_id)
    dead_letters.replay(actor=actor, delivery_id=delivery_id)
    messages.success(request, "It is sent again, with the same id.")
    return redirect("channel", found.channel.name)


@require_POST
def drop(request: HttpRequest, delivery_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.delivery_for(actor, delivery_id)
    dead_letters.drop(actor=actor, delivery_id=delivery_id)
    messages.success(request, "The message is dropped.")
    return redirect("channel", found.channel.name)


@require_POST
def replay_all(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    count = dead_letters.replay_all(actor=actor, channel=queries.channel_for(actor, name))
    messages.success(request, f"{count:,} are sent again.")
    return redirect("channel", name)


@require_POST
def drop_all(request: HttpRequest, name: str) -> HttpResponse:
    actor = actor_of(request)
    count = dead_letters.drop_all(actor=actor, channel=queries.channel_for(actor, name))
    messages.success(request, f"{count:,} are dropped.")
    return redirect("channel", name)
