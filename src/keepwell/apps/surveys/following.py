"""What follows a response or an invitation, in the transaction that stores it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.rules.occasions import note_occasions
from keepwell.apps.surveys.comments import comments_came
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.models import Invitation, Response
from keepwell.apps.surveys.telling import log, tell_owners
from keepwell.engine.surveys.starting import rules_started, values_of

RESPONSES, INVITATIONS = "keepwell.responses", "keepwell.invitations"
"""The names that datasets give as their `table`."""


def follow(responses: Sequence[Response], *, quietly: bool = False) -> None:
    """Numbers count and the timeline says so; rules and people hear of it unless it is done quietly."""
    known = [one for one in responses if one.account_id]
    facts_came({one.account_id for one in known if one.account_id}, ledger=RESPONSES)
    comments_came(known)
    log(known)
    if quietly:
        return
    note_occasions("response", [(one.survey, one.account_id or "", one.key) for one in known])
    note_occasions("answer", _asked_for(known))
    tell_owners(known)


def _asked_for(responses: Iterable[Response]) -> Iterator[tuple[str, str, str]]:
    """The rules that wait for answers that say something."""
    project = current_project()
    for one in responses if project is not None else ():
        values = values_of(definition(one.survey, one.version), one.answers)
        assert project is not None
        for rule in rules_started(project, one.survey, values):
            yield rule, one.account_id or "", f"{rule}/{one.key}"


def invitations_changed(invitations: Iterable[Invitation]) -> None:
    """Numbers over invitations, such as how many answered, are new."""
    facts_came({one.account_id for one in invitations if one.account_id}, ledger=INVITATIONS)
