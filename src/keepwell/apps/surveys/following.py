"""What follows a response, in the transaction that stores it."""

from __future__ import annotations

from collections.abc import Sequence

from keepwell.apps.rules.occasions import note_occasions
from keepwell.apps.surveys.models import Response


def follow(responses: Sequence[Response], *, quietly: bool = False) -> None:
    """Numbers count; rules and people hear of it unless it is done quietly."""
    if quietly:
        return
    note_occasions("response", [(one.survey, one.account_id, one.key) for one in responses if one.account_id])
