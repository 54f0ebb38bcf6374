"""What expressions and letters of surveys may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keepwell.definitions.expressions import Expression, ValueType
from keepwell.definitions.issues import Path
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import CONTACT_FIELDS, FIELDS, Known
from keepwell.definitions.survey_questions import (
    MatrixQuestion,
    MultipleChoiceQuestion,
    Question,
    RankingQuestion,
    Scale,
    SingleChoiceQuestion,
)
from keepwell.definitions.surveys import Letter, Survey

_N, _T, _B, _D = ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN, ValueType.DATE

PEOPLE: Mapping[str, Known] = {
    "role": Known(_T, "The role of the person; null where none is known"),
    "is_sponsor": Known(_B, "Whether the person is a sponsor"),
    "language": Known(_T, "The language that the person prefers; null where none is known"),
    "known_since": Known(_D, "The day since which the person is known"),
    "asked_on": Known(_D, "The day of the latest invitation to any survey; null without one"),
    "answered_on": Known(_D, "The day of the latest answer to any survey; null without one"),
}
"""Names of expressions over people."""

LETTER_FIELDS: Mapping[str, Mapping[str, str]] = {
    "account": {"name": FIELDS["account"]["name"]},
    "contact": CONTACT_FIELDS,
    "owner": FIELDS["owner"],
    "survey": {"title": "The heading of the survey in the language of the letter; its title without one"},
}
"""What letters of surveys may name with a dot."""

LINK = "link"
"""The field that stands for the link."""


def answer_names(question: Question) -> dict[str, ValueType]:
    """What an answer is called in expressions, with types.

    A scale is a number, a single choice a text; `features.api` says whether `api` is among several choices, or is its
    place in a ranking from 1, or what was chosen in that row of a matrix. All are null where there is no answer.
    """
    name = question.name
    if isinstance(question, Scale):
        return {name: _N}
    if isinstance(question, MultipleChoiceQuestion):
        return {f"{name}.{one.value}": _B for one in question.choices}
    if isinstance(question, RankingQuestion):
        return {f"{name}.{one.value}": _N for one in question.choices}
    if isinstance(question, MatrixQuestion):
        return {f"{name}.{one.value}": _T for one in question.rows}
    return {name: _T}


def choices_of(question: Question) -> dict[str, frozenset[str]]:
    """The texts that names of its answer can be."""
    if isinstance(question, SingleChoiceQuestion):
        return {question.name: frozenset(one.value for one in question.choices)}
    if isinstance(question, MatrixQuestion):
        columns = frozenset(one.value for one in question.columns)
        return {f"{question.name}.{one.value}": columns for one in question.rows}
    return {}


def audiences(project: Project) -> Iterator[tuple[Path, str, Expression]]:
    """Each expression over accounts of surveys: where it stands, in words, and itself."""
    for name, survey in project.surveys.items():
        if survey.audience.accounts is not None:
            yield (
                ("surveys", name, "audience", "accounts"),
                f"the accounts of survey '{name}'",
                survey.audience.accounts,
            )


def letters(survey: Survey) -> Iterator[tuple[Path, Letter]]:
    """The letters of a survey, each with its path below it."""
    if survey.email is not None:
        yield ("email",), survey.email
    if survey.reminders is not None and survey.reminders.letter is not None:
        yield ("reminders", "letter"), survey.reminders.letter


def texts_of(survey: Survey) -> Iterator[tuple[Path, str, Mapping[str, str]]]:
    """Each text in languages: its path below the survey, whose it is in words, and itself."""
    for key in ("heading", "intro", "thanks"):
        if (texts := getattr(survey, key)) is not None:
            yield (key,), f"'{key}'", texts
    for index, question in enumerate(survey.questions):
        yield from _of_question(("questions", index), question)
    for path, letter in letters(survey):
        for key in ("subject", "text"):
            yield (*path, key), f"'{key}' of the letter", getattr(letter, key)


def _of_question(path: Path, question: Question) -> Iterator[tuple[Path, str, Mapping[str, str]]]:
    for key in ("text", "help", "low", "high"):
        if (texts := getattr(question, key, None)) is not None:
            yield (*path, key), f"'{key}' of question '{question.name}'", texts
    for key in ("choices", "rows", "columns"):
        for index, one in enumerate(getattr(question, key, ())):
            yield (*path, key, index, "text"), f"'{one.value}' of question '{question.name}'", one.text
