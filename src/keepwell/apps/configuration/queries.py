"""Reads of what was published and what is drafted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.configuration.models import Draft, DraftRevision, Version
from keepwell.apps.configuration.projects import Files, project_of
from keepwell.apps.configuration.rule_words import said
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.project import Project


def current_version() -> Version | None:
    """The newest publication; None before the first."""
    return Version.objects.order_by("-number").first()


def current_number() -> int | None:
    """The number of the version in force; None before the first publication."""
    return Version.objects.order_by("-number").values_list("number", flat=True).first()


def current_digest() -> str | None:
    """What tells the definitions in force from others; None before the first publication."""
    return Version.objects.order_by("-number").values_list("digest", flat=True).first()


def current_project() -> Project | None:
    """The definitions in force."""
    version = current_version()
    return None if version is None else project_of(version.files)


def version(number: int) -> Version:
    found = Version.objects.filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


def draft(pk: int) -> Draft:
    found = Draft.objects.select_related("base").filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Defined:
    """A definition in force; `file` and `line` say where it stands."""

    name: str
    title: str
    digest: str
    file: str
    line: int


def inventory() -> dict[str, list[Defined]]:
    """What is defined and in force, by kind."""
    newest = current_version()
    if newest is None:
        return {}
    project = project_of(newest.files)
    found: dict[str, list[Defined]] = {}
    for kind in KINDS:
        for name, one in sorted(getattr(project, kind).items()):
            place = project.places.get((kind, name)) or project.places.get(("settings", kind, name))
            title = getattr(one, "title", None) or getattr(one, "help", None) or _meaning(kind, one)
            file, line = (place.file, place.line) if place else ("", 0)
            found.setdefault(kind, []).append(Defined(name, title, newest.hashes[kind][name], file, line))
    return found


def _meaning(kind: str, one: Any) -> str:
    """Of what has neither title nor help."""
    return str(one) if kind == "segments" else " ".join(said(one))


def drafts() -> QuerySet[Draft]:
    """Every draft, the one that was saved last first."""
    return Draft.objects.select_related("base", "author").order_by("-updated_at")


def free_draft_name(person: str) -> str:
    """A name for a draft that its author did not name."""
    names = (f"Draft of {person}{f' {number}' if number > 1 else ''}" for number in range(1, 10_000))
    taken = set(Draft.objects.values_list("name", flat=True))
    return next(name for name in names if name not in taken)[:100]


def files_at(draft: Draft, revision: int) -> Files | None:
    """What a draft held at a revision; None where it is not kept."""
    kept = DraftRevision.objects.filter(draft=draft, number=revision).first()
    return kept.files if kept else None


def version_before(number: int) -> Version | None:
    return Version.objects.filter(number__lt=number).order_by("-number").first()
