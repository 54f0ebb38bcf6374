"""Surveys as the form knows them."""

from __future__ import annotations

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.form import Form, Known
from keepwell.apps.configuration.projects import Files
from keepwell.apps.surveys.building.fields import fields_of, same_part
from keepwell.apps.surveys.building.parts import ENTRIES, WORK, new_question, with_names_followed
from keepwell.definitions.project import Project


def known_of(project: Project, name: str) -> Known:
    """By the key of a field, what it may name."""
    return {
        "cool_down": ("30 days", "90 days", "180 days"),
        "closes": ("14 days", "30 days"),
        "after": ("5 days", "7 days"),
        "within": ("90 days", "365 days"),
        "sample": ("10%", "25%", "50%"),
    }


def new_survey(title: str, files: Files, project: Project) -> Document:
    """Would they recommend us, and of those who hesitate, why."""
    languages = ("en",)
    why = {**new_question("text", [], languages), "show_when": "recommend <= 8"}
    return {
        "title": title, "questions": [{**new_question("nps", [], languages), "required": True}, why],
        "thanks": "Thank you. What you say counts.",
    }  # fmt: skip


SURVEY_FORM = Form(
    entries=ENTRIES,
    draft="Surveys",
    fields=fields_of,
    same_part=same_part,
    parts=WORK,
    new=new_survey,
    known=known_of,
    differing=lambda _: {"enabled": False},
    following=with_names_followed,
)
