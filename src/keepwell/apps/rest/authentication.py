"""Who calls: a token, which has no more than its scopes and its user's role, or a browser's session with CSRF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from keepwell.apps.access.actors import Person, require
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import person_of


@dataclass(frozen=True)
class Caller:
    """`key`: what calls are counted and answers kept by."""

    person: Person
    key: str
    by_token: bool


def identified(request: HttpRequest) -> Caller | None:
    """Whom a request is from. A token that is wrong is nobody, whatever session comes along."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        person = person_of(text.strip()) if text.isascii() and text.isprintable() else None
        prefix = text.strip().removeprefix("kw_").partition("_")[0]
        return Caller(person, f"token:{prefix}", True) if person else None
    user = request.user
    return (
        Caller(Person(user, "api"), f"person:{user.pk}", False) if isinstance(user, User) and user.is_active else None
    )


def actor_of(request: HttpRequest) -> Person:
    """The person for whom an endpoint acts."""
    return cast(Person, request.auth)  # type: ignore[attr-defined]


def caller_of(request: HttpRequest) -> Caller | None:
    """What the middleware found."""
    return cast("Caller | None", getattr(request, "caller", None))


class Token(HttpBearer):
    """`Authorization: Bearer kw_...`, made under Settings › API tokens."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        caller = caller_of(request)
        if caller is None or not caller.by_token:
            return None
        require(caller.person, self.permission)
        return caller.person


class BrowserSession(APIKeyCookie):
    """The session of somebody who signed in; whatever changes something carries X-CSRFToken as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        caller = caller_of(request)
        if caller is None or caller.by_token:
            return None
        if check_csrf(request):
            raise HttpError(403, "a session needs the header X-CSRFToken with the value of the cookie csrftoken")
        require(caller.person, self.permission)
        return caller.person


def needs(permission: Permission) -> list[Token | BrowserSession]:
    """For `auth=`: whoever may not is refused before the request is read."""
    return [Token(permission), BrowserSession(permission)]


VIEW, WRITE, BULK = needs(Permission.VIEW), needs(Permission.WRITE), needs(Permission.BULK)
SEND = needs(Permission.SEND)
CONFIGURE, RUN, ADMINISTER = needs(Permission.CONFIGURE), needs(Permission.RUN), needs(Permission.ADMINISTER)
