"""Pages of one's own product may show a survey that was asked for inside it; nobody else's may."""

from __future__ import annotations

from keepwell.apps.surveys.models import Invitation
from keepwell.apps.usage.models import WriteKey


def framed_by(invitation: Invitation) -> tuple[str, ...]:
    """The origins that may frame the page; none for links that came by other ways."""
    if invitation.channel != "in_product":
        return ()
    keys = WriteKey.objects.filter(revoked_at=None).values_list("origins", flat=True)
    return tuple(sorted({origin for origins in keys for origin in origins}))
