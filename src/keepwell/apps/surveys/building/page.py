"""A survey as the builder shows it: questions and choices with their inputs, languages side by side, what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from keepwell.apps.configuration.editing.fields import Field, held_at, list_at
from keepwell.apps.configuration.editing.form import Path
from keepwell.apps.configuration.editing.pages import Asked
from keepwell.apps.configuration.editing.shown import Page, Part, Showing, Shown
from keepwell.apps.surveys.building.fields import (
    LISTS,
    QUESTIONS,
    TRIGGERS,
    SentField,
    TextsField,
    choice_fields,
    kind_of,
    languages_of,
    names_of,
    own_fields,
    question_fields,
    questions_of,
    texts_fields,
    trigger_of,
)
from keepwell.apps.surveys.building.form import SURVEY_FORM, known_of
from keepwell.apps.surveys.building.parts import KINDS
from keepwell.apps.surveys.respondents.words import language_name
from keepwell.engine.surveys.words import direction

WORDS_OF_LIST = {"choices": "Choices", "rows": "Rows", "columns": "Columns"}
TRIGGER_WORDS = {
    "schedule": "on a schedule", "event": "after an event", "load": "after a dataset was loaded",
    "stage_change": "when a stage begins", "milestone_overdue": "when a milestone is overdue",
    "response": "after an answer to another survey",
}  # fmt: skip


@dataclass(frozen=True)
class InLanguage:
    code: str
    language: str
    direction: str
    name: str
    value: str
    lacking: bool


@dataclass(frozen=True)
class TextsShown:
    """A text with an input for each language."""

    name: str
    key: str
    inputs: Sequence[InLanguage]
    errors: Sequence[str]
    long: bool

    @property
    def id(self) -> str:
        return self.name.replace("/", "-")

    @property
    def filled(self) -> bool:
        return any(one.value for one in self.inputs)


@dataclass(frozen=True)
class ListPart:
    """Choices, rows or columns of a question. `at`: where one more is added."""

    key: str
    title: str
    at: str
    items: Sequence[ChoicePart]
    errors: Sequence[str]


@dataclass(frozen=True)
class ChoicePart(Part):
    texts: Sequence[TextsShown] = ()


@dataclass(frozen=True)
class QuestionPart(Part):
    """`words`: the name and kind; `texts`: by key."""

    kind: str = ""
    texts: dict[str, TextsShown] | None = None
    lists: Sequence[ListPart] = ()
    has_more: bool = False

    @property
    def others(self) -> list[Shown]:
        """Inputs that only some kinds have."""
        return [one for one in self.inputs if one.name.rpartition("/")[2] not in _COMMON]


_COMMON = ("name", "required", "show_when", "end_when")


@dataclass(frozen=True)
class SurveyPage(Page):
    """`texts`: of the survey and its letters by name. `sent`: what sends it, None where the form does not know it.
    `lacking`: by language, how many texts it lacks."""

    questions: tuple[QuestionPart, ...]
    texts: dict[str, TextsShown]
    sent: tuple[str, str] | None
    triggers: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]
    lacking: Sequence[tuple[str, int]]
    kinds: Sequence[tuple[str, str]]
    sent_errors: Sequence[str]

    def __getattr__(self, name: str) -> Shown | TextsShown:
        """Inputs of parts as templates can write them: audience_people, letter_subject."""
        if name not in _WRITTEN:
            raise AttributeError(name)
        path = _WRITTEN[name]
        return self.texts[path] if path in self.texts else self.fields[path]


_WRITTEN = {
    "audience_accounts": "audience/accounts", "audience_people": "audience/people",
    "reminders_after": "reminders/after", "reminders_at_most": "reminders/at_most",
    "account_question": "account_value/question", "account_aggregate": "account_value/aggregate",
    "account_within": "account_value/within", "letter_subject": "email/subject", "letter_text": "email/text",
    "reminder_subject": "reminders/letter/subject", "reminder_text": "reminders/letter/text",
}  # fmt: skip


def page_of(asked: Asked) -> SurveyPage:
    entry = asked.entry
    count = len(questions_of(entry))
    showing = Showing(SURVEY_FORM, asked.name, entry, asked.issues, known_of(asked.project, asked.name), asked.typed,
                      parts=[*_places(asked)], empty=_EMPTY)  # fmt: skip
    questions = tuple(_question(showing, asked, place, count) for place in range(count))
    texts = {one.name: _texts(showing, one) for one in texts_fields(entry)}
    every = [*texts.values(), *(one for part in questions for one in _texts_of(part))]
    knows = trigger_of(held_at(entry, ("on",))) is not None
    sent = (showing.values.get("on/kind", ""), showing.values.get("on/value", "")) if knows else None
    errors = [one for key in ("", "questions", "email", "reminders", "audience", "account_value", "reminders/letter")
              for one in showing.errors.get(key, ())]  # fmt: skip
    return SurveyPage(
        name=asked.name,
        fields={one.name: showing.shown(one) for one in own_fields(entry)},
        parts=questions,
        errors=errors,
        elsewhere=tuple(showing.elsewhere),
        known=known_of(asked.project, asked.name),
        questions=questions,
        texts=texts,
        sent=sent,
        sent_errors=showing.errors.get(SentField().name, ()),
        triggers=[(one, TRIGGER_WORDS[one]) for one in TRIGGERS],
        languages=[(code, language_name(code)) for code in languages_of(entry)],
        lacking=_lacking(every),
        kinds=list(KINDS.items()),
    )


_EMPTY = {"audience/accounts": "all accounts", "audience/people": "everybody"}


def _places(asked: Asked) -> list[str]:
    """What something can be wrong with beside inputs."""
    found = ["questions", "email", "reminders", "reminders/letter", "audience", "account_value", "on"]
    for place, question in enumerate(questions_of(asked.entry)):
        found.append(f"questions/{place}")
        for key in LISTS:
            held = list_at(asked.entry, (*QUESTIONS, place, key))
            if isinstance(question, dict) and key in question:
                found += [f"questions/{place}/{key}", *(f"questions/{place}/{key}/{at}" for at in range(len(held)))]
    return found


def _question(showing: Showing, asked: Asked, place: int, count: int) -> QuestionPart:
    path: Path = (*QUESTIONS, place)
    name, held = names_of(asked.entry)[place], questions_of(asked.entry)[place]
    kind, at = kind_of(held), f"questions/{place}"
    fields = [one for one in question_fields(asked.entry, place) if len(one.path) == 3]
    inputs = tuple(showing.shown(one) for one in fields if isinstance(one, Field))
    lists = [_list(showing, asked, (*path, key)) for key in LISTS if isinstance(held, dict) and key in held]
    part = QuestionPart(
        at, f"{name}: {KINDS[kind]}" if kind else "", inputs, showing.errors.get(at, ()), place == 0,
        place == count - 1, kind,
        {str(one.path[-1]): _texts(showing, one) for one in fields if isinstance(one, TextsField)}, lists,
    )  # fmt: skip
    more = [*(one for one in inputs if one.name.rpartition("/")[2] in ("show_when", "end_when"))]
    texts = part.texts or {}
    has_more = any(one.value or one.errors for one in more) or any(
        texts[key].filled for key in ("help", "low", "high") if key in texts
    )
    return replace(part, has_more=has_more)


def _list(showing: Showing, asked: Asked, path: Path) -> ListPart:
    key, at = str(path[-1]), "/".join(map(str, path))
    count = len(list_at(asked.entry, path))
    items = [_choice(showing, asked, (*path, place), place, count) for place in range(count)]
    return ListPart(key, WORDS_OF_LIST[key], at, items, showing.errors.get(at, ()))


def _choice(showing: Showing, asked: Asked, path: Path, place: int, count: int) -> ChoicePart:
    at = "/".join(map(str, path))
    fields = list(choice_fields(asked.entry, path))
    inputs = tuple(showing.shown(one) for one in fields if isinstance(one, Field))
    held = held_at(asked.entry, path)
    words = str(held.get("value", "")) if isinstance(held, dict) else ""
    texts = [_texts(showing, one) for one in fields if isinstance(one, TextsField)]
    return ChoicePart(at, words, inputs, showing.errors.get(at, ()), place == 0, place == count - 1, texts)


def _texts(showing: Showing, field: TextsField) -> TextsShown:
    values = {code: showing.values.get(f"{field.name}/{code}", "") for code in field.languages}
    some = any(values.values()) or field.required
    inputs = [
        InLanguage(code, language_name(code), direction(code), f"{field.name}/{code}", value, some and not value)
        for code, value in values.items()
    ]
    return TextsShown(field.name, str(field.path[-1]), inputs, showing.errors.get(field.name, ()), field.long)


def _texts_of(part: QuestionPart) -> list[TextsShown]:
    return [*(part.texts or {}).values(), *(text for one in part.lists for item in one.items for text in item.texts)]


def _lacking(texts: Sequence[TextsShown]) -> list[tuple[str, int]]:
    """Languages that lack something, with how much."""
    counts: dict[str, int] = {}
    for one in (one for text in texts for one in text.inputs):
        counts[one.language] = counts.get(one.language, 0) + one.lacking
    return [(language, count) for language, count in counts.items() if count]
