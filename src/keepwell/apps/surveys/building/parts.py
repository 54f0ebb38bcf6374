"""Questions and choices of a survey that come, go and move, and conditions that follow another one's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from keepwell.apps.configuration.editing.entries import Document, Entries, name_from
from keepwell.apps.configuration.editing.fields import held_at, list_at
from keepwell.apps.configuration.editing.form import Change, Known, Path
from keepwell.apps.configuration.editing.parts import PartChange, item_at, moved_item, names_anew, path_of
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import appended, with_value, without
from keepwell.apps.surveys.building.fields import LISTS, QUESTIONS, languages_of, names_of, questions_of
from keepwell.definitions.survey_questions import QUESTION_KINDS
from keepwell.errors import RequestRefused

ENTRIES = Entries("surveys", "surveys.yaml", "survey")
KINDS: Mapping[str, str] = {
    "nps": "NPS: would they recommend us, 0 to 10", "csat": "CSAT: how satisfied they are",
    "ces": "CES: how easy it was", "rating": "Rating on a scale of one's own", "single_choice": "One of some choices",
    "multiple_choice": "Several of some choices", "ranking": "Choices put in order",
    "matrix": "A choice for each of several rows", "text": "Words of their own",
}  # fmt: skip
_BEGUN: Mapping[str, tuple[str, str]] = {
    "nps": ("recommend", "How likely are you to recommend us to a colleague?"),
    "csat": ("satisfied", "How satisfied are you with us?"),
    "ces": ("ease", "It was easy to do what I came for."),
    "rating": ("rating", "How would you rate it?"),
    "single_choice": ("reason", "What is the main reason?"),
    "multiple_choice": ("used", "What do you use?"),
    "ranking": ("matters", "What matters most to you?"),
    "matrix": ("parts", "How do you find each of these?"),
    "text": ("details", "Would you tell us more?"),
}
_TWO = ("First", "Second")


def new_question(kind: str, taken: list[str], languages: tuple[str, ...]) -> dict[str, Any]:
    """A question with words to begin with, in the first language alone: what lacks others is told."""
    name, text = _BEGUN[kind]
    made: dict[str, Any] = {"name": name_from(name, taken, "question"), "kind": kind, "text": _said(text, languages)}
    lists = {"matrix": ("rows", "columns")}.get(kind, ("choices",) if kind in _CHOOSING else ())
    return {**made, **{key: [_choice(one, [], languages) for one in _TWO] for key in lists}}


_CHOOSING = ("single_choice", "multiple_choice", "ranking")


def _said(text: str, languages: tuple[str, ...]) -> Any:
    return text if len(languages) == 1 else {languages[0]: text}


def _choice(text: str, taken: list[str], languages: tuple[str, ...]) -> dict[str, Any]:
    return {"value": name_from(text, taken, "choice"), "text": _said(text, languages)}


def add_question(survey: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    if chosen not in QUESTION_KINDS:
        raise RequestRefused(f"choose a kind of question: {', '.join(QUESTION_KINDS)}")
    made = new_question(chosen, names_of(survey), languages_of(survey))
    return lambda text: appended(text, (*root, *QUESTIONS), made)


def remove_question(survey: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    path, place = item_at(survey, at)
    if place < 0 or path != QUESTIONS:
        return None
    if len(questions_of(survey)) == 1:
        raise RequestRefused("a survey asks something; add another question before this one goes")
    return lambda text: without(text, (*root, *path, place))


def add_choice(survey: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    """One more choice, row or column of the words that were typed."""
    path = path_of(at)
    if len(path) != 3 or path[2] not in LISTS or not isinstance(held_at(survey, path[:2]), dict):
        return None
    title = chosen.strip()
    if not title:
        raise RequestRefused("say what can be chosen in a few words")
    taken = [str(one.get("value")) for one in list_at(survey, path) if isinstance(one, dict)]
    made = _choice(title, taken, languages_of(survey))
    return lambda text: appended(text, (*root, *path), made)


def remove_choice(survey: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    path, place = item_at(survey, at)
    if place < 0 or len(path) != 3:
        return None
    if len(list_at(survey, path)) == 1:
        raise RequestRefused("there is something to choose; add another before this one goes")
    return lambda text: without(text, (*root, *path, place))


WORK: dict[str, PartChange] = {
    "add-question": add_question,
    "remove-question": remove_question,
    "add-choice": add_choice,
    "remove-choice": remove_choice,
    "up": moved_item(-1),
    "down": moved_item(1),
}
"""By the verb that the form sends."""


def with_names_followed(files: Files, name: str, before: Document) -> Files:
    """Where a question was given another name, conditions and the account value call it by that."""
    now = ENTRIES.entry_in(files, name) or {}
    anew = names_anew(names_of(before), names_of(now))
    return ENTRIES.changed(files, name, lambda text: _pointed(text, name, now, anew)) if anew else files


def _pointed(text: str, name: str, survey: Document, anew: Mapping[str, str]) -> str:
    root = (ENTRIES.kind, name)
    for place, question in enumerate(questions_of(survey)):
        for key in ("show_when", "end_when"):
            held = question.get(key) if isinstance(question, dict) else None
            if isinstance(held, str) and (said := _renamed(held, anew)) != held:
                text = with_value(text, (*root, *QUESTIONS, place, key), said)
    value = held_at(survey, ("account_value", "question"))
    return with_value(text, (*root, "account_value", "question"), anew[value]) if value in anew else text


def _renamed(expression: str, anew: Mapping[str, str]) -> str:
    """Names outside of quotes."""
    parts = re.split(r"('(?:[^']|'')*')", expression)
    for old, new in anew.items():
        pattern = re.compile(rf"(?<![\w.]){re.escape(old)}(?!\w)")
        parts = [pattern.sub(new, one) if place % 2 == 0 else one for place, one in enumerate(parts)]
    return "".join(parts)
