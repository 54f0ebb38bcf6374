"""Which rules and surveys an answer sets in motion by what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from keepwell.definitions.branching import Value, is_true
from keepwell.definitions.project import Project
from keepwell.definitions.surveys import Survey
from keepwell.definitions.triggers import Response
from keepwell.engine.surveys.flow import answer_values


def values_of(survey: Survey, answers: Mapping[str, Any]) -> dict[str, Value]:
    """What expressions see of all answers of one response."""
    return {
        name: value
        for question in survey.questions
        if question.name in answers
        for name, value in answer_values(question, answers[question.name]).items()
    }


def fits(triggers: Iterable[object], name: str, values: Mapping[str, Value]) -> bool:
    """Whether a response to the survey of this name fits any of the triggers."""
    return any(
        isinstance(one, Response) and one.response in (True, name) and (one.where is None or is_true(one.where, values))
        for one in triggers
    )


def rules_started(project: Project, name: str, values: Mapping[str, Value]) -> list[str]:
    """The enabled rules whose triggers say `where`, and for which it is true of this response."""
    return [
        rule
        for rule, one in project.rules_in_order().items()
        if one.enabled and fits([each for each in one.on if getattr(each, "where", None) is not None], name, values)
    ]
