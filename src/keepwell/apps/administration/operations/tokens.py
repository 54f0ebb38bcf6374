"""API tokens: a person makes their own; an admin may end anybody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, Forbidden
from keepwell.apps.access.models import ApiToken
from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import new_token
from keepwell.apps.administration.queries import token_for
from keepwell.apps.audit.operations import record
from keepwell.errors import FieldRefused


@transaction.atomic
def make_token(
    *, actor: Actor, name: str, scopes: Sequence[Permission], expires_at: datetime | None
) -> tuple[ApiToken, str]:
    """The token and its secret, which nobody can read again. Raises FieldRefused for scopes beyond the actor's own."""
    if actor.user is None:
        raise Forbidden(f"{actor.name} is no person, and tokens act for people")
    beyond = [scope for scope in scopes if not actor.may(scope)]
    if not scopes or beyond:
        raise FieldRefused("scopes", f"You may not {', '.join(beyond)} yourself" if beyond else "Choose at least one")
    if expires_at is not None and expires_at <= timezone.now():
        raise FieldRefused("expires", "Choose a day to come")
    token, secret = new_token(actor.user, name.strip(), list(scopes), expires_at)
    record(actor, "made", kind="token", of=token.pk, name=token.name, after=_told(token))
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int) -> ApiToken:
    """It acts for nobody any more; revoking again changes nothing."""
    token = token_for(actor, token_id)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor, "revoked", kind="token", of=token.pk, name=token.name, before={"revoked": False},
               after={"revoked": True, "of": token.user.email})  # fmt: skip
    return token


def _told(token: ApiToken) -> dict[str, object]:
    return {"scopes": list(token.scopes), "expires": token.expires_at, "starts with": token.prefix}
