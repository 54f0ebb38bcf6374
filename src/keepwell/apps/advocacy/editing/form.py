"""Kinds of activity and rules for candidates as forms know them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from keepwell.apps.configuration.editing.entries import Document, Entries
from keepwell.apps.configuration.editing.fields import Field, fields_of_model
from keepwell.apps.configuration.editing.form import Form, Known, Path
from keepwell.apps.configuration.projects import Files
from keepwell.definitions.advocacy import (
    DEFAULT_ACTIVITIES,
    DEFAULT_CANDIDATES,
    AdvocacyActivity,
    AdvocacyCandidates,
    DealImpact,
    Limits,
    activities_of,
)
from keepwell.definitions.base import Definition
from keepwell.definitions.project import Project

_FILE = "advocacy.yaml"


def kind_fields(_: Document | None = None) -> Iterator[Field]:
    """Of the kind itself, of what a deal adds, and of its limits."""
    yield from fields_of_model((), AdvocacyActivity)
    yield from fields_of_model(("impact",), DealImpact, loose=True)
    yield from fields_of_model(("limits",), Limits, loose=True)


def candidate_fields(_: Document | None = None) -> Iterator[Field]:
    yield from fields_of_model((), AdvocacyCandidates)


def _same_part(before: Document, now: Document, path: Path) -> bool:
    return True


def _named(title: str, known: Iterable[str]) -> str | None:
    """The default of this title, where there is one."""
    name = re.sub(r"\W+", "_", title.strip().lower()).strip("_")
    return name if name in known else None


def _said(one: Definition) -> Document:
    """A default as it would be written."""
    found: dict[str, Any] = one.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found


def new_kind(title: str, files: Files, project: Project) -> Document:
    """What comes with Keepwell under this title, else something small."""
    name = _named(title, DEFAULT_ACTIVITIES)
    return _said(DEFAULT_ACTIVITIES[name]) if name else {"title": title, "points": 10, "half_life": "180 days"}


def new_candidates(title: str, files: Files, project: Project) -> Document:
    name = _named(title, DEFAULT_CANDIDATES)
    usual = "health = 'good'" if project.scorecards else "true"
    return _said(DEFAULT_CANDIDATES[name]) if name else {"title": title, "accounts": usual, "people": "is_sponsor"}


def known_of(project: Project, name: str) -> Known:
    return {
        "half_life": ("90 days", "180 days", "365 days"), "zero_after": ("365 days",), "rest": ("30 days", "90 days"),
        "fields": ("link", "review", "deal"), "suggests": tuple(activities_of(project)),
    }  # fmt: skip


KIND_FORM = Form(
    entries=Entries("advocacy_activities", _FILE, "kind"),
    draft="Advocacy",
    fields=kind_fields,
    same_part=_same_part,
    parts={},
    new=new_kind,
    known=known_of,
    differing=lambda _: {"enabled": False},
)
CANDIDATES_FORM = Form(
    entries=Entries("advocacy_candidates", _FILE, "finder"),
    draft="Advocacy",
    fields=candidate_fields,
    same_part=_same_part,
    parts={},
    new=new_candidates,
    known=known_of,
    differing=lambda _: {"enabled": False},
)
