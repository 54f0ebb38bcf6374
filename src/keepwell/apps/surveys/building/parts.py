"""Questions and choices of a survey that come, go and move, and conditions that follow another one's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from keepwell.apps.configuration.editing.entries import Document, Entries, name_from
from keepwell.apps.configuration.editing.fields import held_at, list_at
from keepwell.apps.configuration.editing.form import Change, Known, Path
from keepwell.apps.configuration.editing.parts import PartChange
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import appended, swapped, with_value, without
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
    path, place = place_of(survey, at)
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
    path, place = place_of(survey, at)
    if place < 0 or len(path) != 3:
        return None
    if len(list_at(survey, path)) == 1:
        raise RequestRefused("there is something to choose; add another before this one goes")
    return lambda text: without(text, (*root, *path, place))


def moved(by: int) -> PartChange:
    """A question or a choice up (-1) or down (1); at the end nothing changes."""

    def move(survey: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
        path, place = place_of(survey, at)
        if place < 0 or not 0 <= place + by < len(list_at(survey, path)):
            return None
        return lambda text: swapped(text, (*root, *path), place, place + by)

    return move


def path_of(at: str) -> Path:
    """questions/0/choices as a path, with numbers as such."""
    return tuple(int(one) if one.isdecimal() and len(one) < 6 else one for one in at.split("/"))


def place_of(survey: Document, at: str) -> tuple[Path, int]:
    """The list and the place in it; -1 for one that is not there any more."""
    *path, place = path_of(at)
    is_there = isinstance(place, int) and place < len(list_at(survey, tuple(path)))
    return tuple(path), place if is_there and isinstance(place, int) else -1


WORK: dict[str, PartChange] = {
    "add-question": add_question,
    "remove-question": remove_question,
    "add-choice": add_choice,
    "remove-choice": remove_choice,
    "up": moved(-1),
    "down": moved(1),
}
"""By the verb that the form sends."""


def with_names_followed(files: Files, name: str, before: Document) -> Files:
    """Where a question was given another name, conditions and the account value call it by that."""
    now = ENTRIES.entry_in(files, name) or {}
    old, new = names_of(before), names_of(now)
    if len(old) != len(new):
        return files
    anew = {was: name for was, name in zip(old, new, strict=True) if was != name and was and name and was not in new}
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
