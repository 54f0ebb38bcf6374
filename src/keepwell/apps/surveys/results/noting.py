"""What is noted of those who take answers away."""

from __future__ import annotations

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record


def note_export(*, actor: Actor, survey: str, table: str, query: str) -> None:
    """Says in the audit that somebody took answers to a survey away as a file."""
    require(actor, Permission.VIEW)
    record(actor, "exported", kind="survey", of=survey, name=f"{survey}: {table}", after={"query": query[:2000]})
