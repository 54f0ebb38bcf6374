"""Reads of what was published and what is drafted."""

from __future__ import annotations

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.configuration.models import Draft, Version
from keepwell.apps.configuration.projects import project_of
from keepwell.definitions.project import Project


def current_version() -> Version | None:
    """The newest publication; None before the first."""
    return Version.objects.order_by("-number").first()


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
