"""Definitions that can be asked about: a published version or a draft, as it is at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.models import Draft, Version
from keepwell.apps.configuration.projects import Files, project_of
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.errors import FieldRefused, InputError

_VERSIONS = 20
"""So many of the newest versions are offered on the page; the API takes every one."""


@dataclass(frozen=True)
class Subject:
    """`reference`: version:7 or draft:3; `revision` is of a draft; `digest` names the content; `base`: the number of
    the version, or of the one that the draft began from."""

    reference: str
    name: str
    revision: int | None
    base: int
    digest: str
    files: Files
    project: Project

    @property
    def described(self) -> dict[str, Any]:
        names = ("reference", "name", "revision", "base", "digest")
        return {name: getattr(self, name) for name in names}


def subject_of(reference: str, field: str) -> Subject:
    """The definitions as they are now. Raises FieldRefused where there are none such, or they are not valid."""
    kind, _, number = reference.partition(":")
    found = _found(kind, int(number)) if number.isdecimal() and len(number) < 9 else None
    if found is None:
        raise FieldRefused(field, f"'{reference[:40]}' is neither a version nor a draft; choose one that there is")
    name = _name(found)
    try:
        project = project_of(found.files)
    except InputError as refused:
        raise FieldRefused(field, f"{name} is not valid: {refused.problems[0]}; repair the draft first") from refused
    revision, base = (found.revision, found.base.number) if isinstance(found, Draft) else (None, found.number)
    return Subject(reference, name, revision, base, Versions(project).project, found.files, project)


def _found(kind: str, number: int) -> Version | Draft | None:
    if kind == "version":
        return Version.objects.filter(number=number).first()
    return Draft.objects.select_related("base").filter(pk=number).first() if kind == "draft" else None


def _name(found: Version | Draft) -> str:
    if isinstance(found, Draft):
        return f"draft {found.name}"
    in_force = " (in force)" if found.number == queries.current_number() else ""
    return f"version {found.number}{in_force}"


def offered() -> list[tuple[str, str]]:
    """What a page offers: what is in force first, then drafts, then versions of before."""
    versions = [(f"version:{one.number}", _name(one).capitalize()) for one in Version.objects.all()[:_VERSIONS]]
    drafts = [(f"draft:{one.pk}", _name(one).capitalize()) for one in queries.drafts()]
    return [*versions[:1], *drafts, *versions[1:]]


def outdated(described: dict[str, Any]) -> str:
    """Why an answer is no longer one about these definitions; empty where it is."""
    kind, _, number = str(described.get("reference", "")).partition(":")
    if kind != "draft":
        return ""
    draft = Draft.objects.filter(pk=number).first()
    if draft is None:
        return f"The {described['name']} is gone: it was published or discarded."
    if draft.revision == described["revision"]:
        return ""
    return (
        f"The {described['name']} was changed since: this is about revision {described['revision']}, "
        f"and it is at revision {draft.revision} now."
    )
