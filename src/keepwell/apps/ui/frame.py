"""Pages around a large table: what stands around it is rendered once for all that it shows, and kept."""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Mapping
from functools import lru_cache

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from keepwell.apps.access.models import User
from keepwell.apps.ui.context import Frame, frame_of

TOKEN = secrets.token_hex()
"""Stands for the token of forms in HTML that is kept; nobody can guess it, so nobody can write it into a name."""

_CONTENT = secrets.token_hex()


def framed(
    request: HttpRequest, template: str, content: str, shown: Mapping[str, Hashable], *, status: int = 200
) -> HttpResponse:
    """The page of `template` with `content`, which is HTML. `shown`: everything else that the template names.

    What is kept is rendered from the values by which it is found again and from nothing else, not from the request.
    """
    assert isinstance(request.user, User)
    if len(get_messages(request)):
        said = mark_safe(with_token(request, content))
        return render(request, template, {**shown, "content": said}, status=status)
    around = _around(template, frame_of(request.user, request.path), tuple(shown.items()))
    return HttpResponse(with_token(request, around.replace(_CONTENT, content, 1)), status=status)


def with_token(request: HttpRequest, html: str) -> str:
    """HTML that was kept, with the token of who asks for it."""
    return html.replace(TOKEN, get_token(request))


@lru_cache(maxsize=128)
def _around(template: str, frame: Frame, shown: tuple[tuple[str, Hashable], ...]) -> str:
    return render_to_string(template, {**frame.context(), **dict(shown), "csrf_token": TOKEN, "content": _CONTENT})
