"""Playbooks as the form knows them."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.models import Team
from keepwell.apps.cockpit.editing.fields import fields_of, same_part
from keepwell.apps.cockpit.editing.parts import ENTRIES, WORK, with_names_followed
from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.form import Form, Known
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value
from keepwell.apps.rules.editing.form import pointed
from keepwell.apps.rules.lifecycle.editing.form import ENTRIES as STAGES
from keepwell.definitions.project import Project


def known_of(project: Project, name: str) -> Known:
    """By the key of a field, what it may name."""
    teams = tuple(Team.objects.order_by("name").values_list("name", flat=True)[:50])
    return {
        "owner": ("csm", "manager", "team", *(f"{how}:{team}" for team in teams for how in ("round_robin", "team")))
    }


def new_playbook(title: str, files: Files, project: Project) -> Document:
    """One task, to begin with."""
    return {"title": title, "tasks": [{"name": "begin", "title": "Get in touch", "after": "1 business day"}]}


def with_new_name(files: Files, old: str, new: str) -> Files:
    """Rules and stages that begin the playbook begin it under its new name."""
    files = pointed(files, "open_call", "playbook", old, new)
    for stage in STAGES.names_in(files):
        held: Any = STAGES.entry_in(files, stage) or {}
        if held.get("playbook") == old:
            path = (STAGES.kind, stage, "playbook")
            files = STAGES.changed(files, stage, lambda text, path=path: with_value(text, path, new))  # type: ignore[misc]
    return files


PLAYBOOK_FORM = Form(
    entries=ENTRIES,
    draft="Playbooks",
    fields=fields_of,
    same_part=same_part,
    parts=WORK,
    new=new_playbook,
    known=known_of,
    pointing=with_new_name,
    following=with_names_followed,
)
