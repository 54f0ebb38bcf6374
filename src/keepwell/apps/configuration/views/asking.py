"""Who may be on these pages, and how a refusal is said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from keepwell.apps.access.actors import Person, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.errors import InputError


def configurator(request: HttpRequest) -> Person:
    """The person, who may configure. Raises Forbidden."""
    actor = actor_of(request)
    require(actor, Permission.CONFIGURE)
    return actor


def say(request: HttpRequest, refused: InputError) -> None:
    """A refusal as a message of the next page."""
    text = "; ".join(str(one) for one in refused.problems) or str(refused)
    messages.error(request, f"{text[:1].upper()}{text[1:]}.")
