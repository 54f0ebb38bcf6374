"""Surveys by version: what was asked stays readable when the definition has changed or gone."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.configuration.projects import hashes_of
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.apps.surveys.models import Edition
from keepwell.definitions.project import Project
from keepwell.definitions.surveys import Survey
from keepwell.definitions.versions import Versions


def in_force(name: str) -> tuple[Survey, str]:
    """A survey of the definitions in force, and its version. Raises NotVisible where there is none of that name."""
    project = current_project()
    if project is None or name not in project.surveys:
        raise NotVisible
    return project.surveys[name], version_in_force(project, name)


def version_in_force(project: Project, name: str) -> str:
    """The version of a survey of the definitions in force; they are hashed when they are published."""
    newest = current_version()
    known: dict[str, dict[str, str]] = newest.hashes if newest else hashes_of(project)
    return known.get("surveys", {}).get(name) or Versions(project).of("surveys", name)


def keep_edition(name: str, version: str, survey: Survey) -> None:
    """So that whoever is asked this is read by it for ever. Keeping it again changes nothing."""
    if not Edition.objects.filter(survey=name, version=version).exists():
        document = survey.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        Edition.objects.bulk_create([Edition(survey=name, version=version, document=document)], ignore_conflicts=True)


@lru_cache(maxsize=256)
def definition(name: str, version: str) -> Survey:
    """A survey as it was. Raises NotVisible where nobody was ever asked it."""
    try:
        document: Any = Edition.objects.get(survey=name, version=version).document
    except ObjectDoesNotExist:
        raise NotVisible from None
    return Survey.model_validate(document, strict=False)
