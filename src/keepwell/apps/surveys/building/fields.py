"""The fields of the form of a survey, those of its questions and their choices among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import AtPath, Field, fields_of_model, held_at, list_at
from keepwell.apps.configuration.editing.form import FormField, Path, Typed
from keepwell.apps.configuration.editing.inputs import InputKind
from keepwell.apps.configuration.editing.scalars import ABSENT
from keepwell.definitions.survey_questions import QUESTION_KINDS, Choice, question_model
from keepwell.definitions.surveys import AccountValue, Audience, Reminders, Survey

QUESTIONS: Path = ("questions",)
TEXTS = ("heading", "intro", "thanks")
OF_QUESTION = ("text", "help", "low", "high")
LISTS = ("choices", "rows", "columns")
CHANNELS = ("email", "personal_link", "anonymous_link", "in_product")
BY_HAND = ""
TRIGGERS = ("schedule", "event", "load", "stage_change", "milestone_overdue", "response")
_ANY = ("stage_change", "milestone_overdue", "response")
"""Triggers that may name nothing: any of what they are about."""


@dataclass(frozen=True)
class TextsField(AtPath):
    """A text in every language of the survey: an input for each. With one language it is written plainly."""

    path: Path
    languages: tuple[str, ...]
    required: bool = False
    long: bool = False
    loose: bool = False

    def shown(self, held: Any) -> dict[str, str]:
        """A plain text is that of the first language."""
        texts = held if isinstance(held, dict) else {} if held in (ABSENT, None) else {self.languages[0]: str(held)}
        return {f"{self.name}/{code}": str(texts.get(code) or "") for code in self.languages}

    def meant(self, given: Typed) -> Any:
        texts = {code: given.get(f"{self.name}/{code}", "").replace("\r\n", "\n").strip() for code in self.languages}
        filled = {code: text for code, text in texts.items() if text}
        if not filled:
            return "" if self.required else ABSENT
        return next(iter(filled.values())) if len(self.languages) == 1 else filled


@dataclass(frozen=True)
class WaysField(Field):
    """The ways that a survey reaches people: one alone may stand without a list."""

    def held(self, document: Document) -> Any:
        held = super().held(document)
        return [held] if isinstance(held, str) else ["personal_link"] if held is ABSENT else held


@dataclass(frozen=True)
class SentField(AtPath):
    """What sends a survey, where that is one thing alone: its kind and what it names."""

    path: Path = ("on",)
    loose: bool = False

    def shown(self, held: Any) -> dict[str, str]:
        kind, value = trigger_of(held) or (BY_HAND, "")
        return {"on/kind": kind, "on/value": value}

    def meant(self, given: Typed) -> Any:
        kind, value = given.get("on/kind", "").strip(), given.get("on/value", "").strip()
        if kind not in TRIGGERS:
            return ABSENT
        return kind if not value and kind in _ANY else {kind: value}


def trigger_of(held: Any) -> tuple[str, str] | None:
    """Kind and name of what sends it; None for what the form does not know."""
    if isinstance(held, list) and len(held) == 1:
        held = held[0]
    if held in (ABSENT, None) or held == []:
        return BY_HAND, ""
    if isinstance(held, str):
        return (held, "") if held in _ANY else None
    if isinstance(held, dict) and len(held) == 1:
        kind, value = next(iter(held.items()))
        if kind in TRIGGERS and not isinstance(value, dict | list):
            return kind, "" if value is True else str(value)
    return None


def questions_of(survey: Document) -> list[Any]:
    """Its questions, as written."""
    return list_at(survey, QUESTIONS)


def names_of(survey: Document) -> list[str]:
    """What questions are called; empty for one without a name."""
    return [str(one.get("name") or "") if isinstance(one, dict) else "" for one in questions_of(survey)]


def kind_of(question: Any) -> str:
    """Empty for what the form does not know."""
    kind = question.get("kind") if isinstance(question, dict) else None
    return str(kind) if kind in QUESTION_KINDS else ""


def languages_of(survey: Document) -> tuple[str, ...]:
    """As they are written; English where nothing is."""
    held = survey.get("languages")
    listed = held if isinstance(held, list) else [held] if isinstance(held, str) else []
    return tuple(dict.fromkeys(str(one) for one in listed if one)) or ("en",)


def scales_of(survey: Document) -> tuple[str, ...]:
    """Questions that an account value can be of."""
    named = zip(names_of(survey), questions_of(survey), strict=True)
    return tuple(name for name, one in named if name and kind_of(one) in ("nps", "csat", "ces", "rating"))


def own_fields(survey: Document) -> Iterator[Field]:
    """Inputs of the survey itself that are no texts in languages."""
    for field in fields_of_model((), Survey):
        if field.input.key == "distribution":
            yield WaysField(field.path, replace(field.input, kind="chosen", choices=CHANNELS))
        elif field.input.key not in TEXTS:
            yield field
    yield from fields_of_model(("audience",), Audience, loose=True)
    yield from _optional(("reminders",), Reminders)
    for field in _optional(("account_value",), AccountValue):
        is_question = field.input.key == "question"
        yield _as(field, "choice", scales_of(survey)) if is_question else field


def texts_fields(survey: Document) -> Iterator[TextsField]:
    """Texts of the survey itself and of its letters."""
    codes = languages_of(survey)
    yield from (TextsField((key,), codes, long=key != "heading") for key in TEXTS)
    for path in (("email",), ("reminders", "letter")):
        yield TextsField((*path, "subject"), codes, loose=True)
        yield TextsField((*path, "text"), codes, long=True, loose=True)


def question_fields(survey: Document, place: int) -> Iterator[Field | TextsField]:
    """Inputs of one question, its choices last."""
    held, codes = questions_of(survey)[place], languages_of(survey)
    kind = kind_of(held)
    if not kind:
        return
    model = question_model(kind)
    path: Path = (*QUESTIONS, place)
    for key in OF_QUESTION:
        if key in model.model_fields:
            yield TextsField((*path, key), codes, required=key == "text", long=False)
    yield from (one for one in fields_of_model(path, model) if one.input.key not in OF_QUESTION)
    for key in LISTS:
        if key in model.model_fields:
            for at in range(len(list_at(survey, (*path, key)))):
                yield from choice_fields(survey, (*path, key, at))


def choice_fields(survey: Document, path: Path) -> Iterator[Field | TextsField]:
    """Inputs of one choice, row or column; a column keeps its place anyway."""
    if not isinstance(held_at(survey, path), dict):
        return
    for field in fields_of_model(path, Choice):
        if field.input.key == "text":
            yield TextsField(field.path, languages_of(survey), required=True)
        elif field.input.key != "fixed" or path[-2] != "columns":
            yield field


def fields_of(survey: Document) -> Iterator[FormField]:
    """Every field of a survey."""
    yield from own_fields(survey)
    yield from texts_fields(survey)
    if trigger_of(held_at(survey, ("on",))) is not None:
        yield SentField()
    for place in range(len(questions_of(survey))):
        yield from question_fields(survey, place)


def same_part(before: Document, now: Document, path: Path) -> bool:
    """Whether the question and the choice that a field belongs to are the same ones still."""
    if path[0] != "questions":
        return True
    place = int(path[1])
    own, theirs = names_of(before), names_of(now)
    if len(own) != len(theirs) or own[place] != theirs[place]:
        return False
    if kind_of(questions_of(before)[place]) != kind_of(questions_of(now)[place]):
        return False
    return len(path) < 4 or _values(before, path[:3]) == _values(now, path[:3])


def _values(survey: Document, path: Path) -> list[Any]:
    return [one.get("value") if isinstance(one, dict) else None for one in list_at(survey, path)]


def _optional(path: Path, model: Any) -> Iterator[Field]:
    """Of a part that may be left out as a whole."""
    for field in fields_of_model(path, model, loose=True):
        yield replace(field, input=replace(field.input, required=False))


def _as(field: Field, kind: InputKind, choices: tuple[str, ...]) -> Field:
    return replace(field, input=replace(field.input, kind=kind, choices=choices))
