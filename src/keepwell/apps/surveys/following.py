"""What follows a response or an invitation, in the transaction that stores it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keepwell.apps.health.arriving import facts_came
from keepwell.apps.rules.occasions import note_occasions
from keepwell.apps.surveys.models import Invitation, Response

RESPONSES, INVITATIONS = "keepwell.responses", "keepwell.invitations"
"""The names that datasets give as their `table`."""


def follow(responses: Sequence[Response], *, quietly: bool = False) -> None:
    """Numbers count; rules and people hear of it unless it is done quietly."""
    facts_came({one.account_id for one in responses if one.account_id}, ledger=RESPONSES)
    if quietly:
        return
    note_occasions("response", [(one.survey, one.account_id, one.key) for one in responses if one.account_id])


def invitations_changed(invitations: Iterable[Invitation]) -> None:
    """Numbers over invitations, such as how many answered, are new."""
    facts_came({one.account_id for one in invitations if one.account_id}, ledger=INVITATIONS)
