"""What conditions of a survey may name: its own answers, and what people are known by."""

from __future__ import annotations

from typing import Any

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import list_at
from keepwell.apps.surveys.building.fields import QUESTIONS, kind_of, names_of, questions_of
from keepwell.definitions.survey_names import PEOPLE

_LIST = {"multiple_choice": "choices", "ranking": "choices", "matrix": "rows"}


def names_of_answers(survey: Document) -> list[dict[str, str]]:
    """Names for completion: answers as they are written in the draft, also while it is not valid, then people."""
    found = []
    for place, (name, question) in enumerate(zip(names_of(survey), questions_of(survey), strict=True)):
        listed = list_at(survey, (*QUESTIONS, place, _LIST.get(kind_of(question), "")))
        parts = [f"{name}.{one['value']}" for one in listed if isinstance(one, dict) and one.get("value")]
        found += [_named(one, "answer", _doc(question)) for one in (parts or [name]) if name]
    return [*found, *(_named(name, "person", one.doc) for name, one in PEOPLE.items())]


def _named(name: str, kind: str, doc: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "doc": doc, "place": "expression"}


def _doc(question: Any) -> str:
    text = question.get("text")
    said = next(iter(text.values()), "") if isinstance(text, dict) else text
    return str(said or "")[:80]
