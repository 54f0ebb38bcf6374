"""The one way from a token to what it opens. Whatever opens nothing looks alike: unknown, spent, closed, malformed."""

from __future__ import annotations

from keepwell.apps.surveys.models import AnonymousLink, Invitation
from keepwell.apps.surveys.timing import is_closed_on, today
from keepwell.apps.surveys.tokens import SHAPE, hash_of


def opened(token: str, *, held: bool = False) -> Invitation | None:
    """The invitation that can be answered by it now; None for everything else. `held`: nobody else changes it until
    the transaction ends."""
    day = today()  # read for every token: what opens nothing takes the same queries, whatever it is
    found = invitation_of(token, held=held)
    if found is None or found.finished_at is not None or found.withdrawn_at is not None or is_closed_on(found, day):
        return None
    return found


def invitation_of(token: str, *, held: bool = False) -> Invitation | None:
    """Whatever became of it. What cannot be a token is looked for like any other: it takes as long."""
    rows = Invitation.objects.select_related("link", "person")
    if held:
        rows = rows.select_for_update(of=("self",))
    return rows.filter(token_hash=hash_of(token if SHAPE.fullmatch(token) else "")).first()


def link_of(token: str) -> AnonymousLink | None:
    """The anonymous link that is open."""
    rows = AnonymousLink.objects.filter(token_hash=hash_of(token if SHAPE.fullmatch(token) else ""))
    return rows.filter(closed_at=None).first()
