"""A playbook is applied to a call by hand, or another takes its place."""

from __future__ import annotations

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.models import PlaybookRun
from keepwell.apps.cockpit.operations.changing import open_and_held
from keepwell.apps.cockpit.playing import play


@transaction.atomic
def apply_playbook(*, actor: Actor, call_id: int, playbook: str) -> PlaybookRun:
    """Its tasks come to the call. Open tasks of the playbook before go; those that were done stay."""
    require(actor, Permission.WRITE)
    return play(actor, open_and_held(actor, call_id), playbook)
