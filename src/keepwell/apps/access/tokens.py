"""API tokens: made once, shown once, kept as a hash, found by their prefix."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import ApiToken, User
from keepwell.apps.access.roles import Permission

_START = "kw_"
_USED_EVERY = timedelta(minutes=1)


def new_token(user: User, name: str, scopes: list[Permission], expires_at: datetime | None) -> tuple[ApiToken, str]:
    """The token and its secret, which is not to be had again."""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, prefix=prefix, digest=_digest(secret), scopes=list(scopes), expires_at=expires_at
    )
    return token, f"{_START}{prefix}_{secret}"


def person_of(text: str) -> Person | None:
    """Whom a token acts for; None for one that is wrong, expired or revoked, or whose user may no longer sign in."""
    prefix, _, secret = text.removeprefix(_START).partition("_")
    token = ApiToken.objects.select_related("user__team").filter(prefix=prefix).first() if secret else None
    if token is None or not hmac.compare_digest(token.digest, _digest(secret)) or not _is_live(token):
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return Person(token.user, "api", frozenset(Permission(scope) for scope in token.scopes))


def _is_live(token: ApiToken) -> bool:
    expired = token.expires_at is not None and token.expires_at <= timezone.now()
    return token.revoked_at is None and not expired and token.user.is_active


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
