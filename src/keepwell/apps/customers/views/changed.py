"""How lists tell of a change of many, of its undo, and of views that were kept."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from keepwell.apps.access.actors import Actor, actor_of
from keepwell.apps.customers.models import ChangeOfMany, KeptView
from keepwell.errors import FieldRefused, RequestRefused


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def changed(request: HttpRequest, change: Callable[[Actor], ChangeOfMany], words: Callable[[ChangeOfMany], str],
            undo: str, back: str) -> HttpResponse:  # fmt: skip
    """Makes the change and tells of it in `words`, with the way back beside it; `undo`: the name of its address."""
    try:
        done = change(actor_of(request))
    except RequestRefused as refused:
        messages.error(request, f"Nothing was changed: {refused}")
        return redirect(back)
    if done.before:
        way_back = f"{reverse(undo, args=[done.pk])}?{urlencode({'back': back})}"
        messages.success(request, words(done), extra_tags=way_back)
    else:
        messages.info(request, "Nothing changed: it was so already")
    return redirect(back)


def undone(request: HttpRequest, undo: Callable[[Actor], int], noun: str, back: str) -> HttpResponse:
    """`undo` returns how many are as before."""
    try:
        done = undo(actor_of(request))
        messages.success(request, f"{counted(done, noun)} {'is' if done == 1 else 'are'} as before")
    except RequestRefused as refused:
        messages.error(request, f"Nothing was undone: {refused}")
    return redirect(back)


def view_kept(request: HttpRequest, save: Callable[..., KeptView], back: str) -> HttpResponse:
    """The name and the query that were sent, kept by `save`."""
    sent = request.POST
    try:
        view = save(actor=actor_of(request), name=sent.get("name", ""), query=sent.get("query", ""),
                    shared=bool(sent.get("shared")))  # fmt: skip
        messages.success(request, f"The view {view.name} is kept")
    except FieldRefused as refused:
        messages.error(request, f"The view was not kept: {refused}")
    return redirect(back)


def view_dropped(request: HttpRequest, drop: Callable[..., KeptView], view_id: int, address: str) -> HttpResponse:
    """With its address, by which it can be kept again; `address`: of the list."""
    view = drop(actor=actor_of(request), view_id=view_id)
    messages.success(request, f"The view {view.name} was deleted; its address was {address}{view.query}")
    return redirect(address)
