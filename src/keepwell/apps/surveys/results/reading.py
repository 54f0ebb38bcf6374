"""A survey with all its versions, as results read it: in force, or gone from the definitions and answered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.models import Edition
from keepwell.apps.surveys.results.merged import merged
from keepwell.definitions.project import Project
from keepwell.definitions.survey_questions import Scale
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.facts import value_rule


@dataclass(frozen=True)
class Subject:
    """`survey`: merged of all versions; `in_force`: as it is asked now, None where it is not defined any more.

    `editions`: by version, the newest first.
    """

    name: str
    survey: Survey
    in_force: Survey | None
    editions: Mapping[str, Survey]
    project: Project

    @property
    def title(self) -> str:
        return self.survey.title or self.name.replace("_", " ").capitalize()

    @property
    def scales(self) -> tuple[Scale, ...]:
        return tuple(one for one in self.survey.questions if isinstance(one, Scale))

    @property
    def headline(self) -> Scale | None:
        """The question whose score stands at the top: that of the account value, else the first with a scale."""
        rule = value_rule(self.in_force or self.survey)
        named = next((one for one in self.scales if rule is not None and one.name == rule.question), None)
        return named or next(iter(self.scales), None)

    def said(self, texts: Mapping[str, str] | None, otherwise: str = "") -> str:
        """A text in the default language."""
        return (texts or {}).get(self.survey.default_language) or next(iter((texts or {}).values()), otherwise)


def subject_of(name: str) -> Subject:
    """Raises NotVisible for a survey that is neither defined nor was ever answered."""
    project = current_project()
    if project is None:
        raise NotVisible
    in_force = project.surveys.get(name)
    versions = Edition.objects.filter(survey=name).order_by("-kept_at", "-pk").values_list("version", flat=True)
    editions = {version: definition(name, version) for version in versions}
    if in_force is None and not editions:
        raise NotVisible
    return Subject(name, merged([*([in_force] if in_force else []), *editions.values()]), in_force, editions, project)
