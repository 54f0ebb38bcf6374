"""Writes that only rules have: they act, or do not."""

from __future__ import annotations

from django.db import transaction

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.editing.operations import Saved
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value
from keepwell.apps.rules.editing.form import ENTRIES


@transaction.atomic
def enable_rule(*, actor: Actor, draft: Draft, name: str, enabled: bool) -> Saved:
    def change(now: Files) -> Files:
        return ENTRIES.changed(now, name, lambda text: with_value(text, (ENTRIES.kind, name, "enabled"), enabled))

    return Saved(change_draft(actor=actor, draft=draft, change=change), name)
