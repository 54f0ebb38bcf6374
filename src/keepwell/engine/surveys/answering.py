"""Reads what a respondent sent for a question: an answer, or what is wrong with it in the respondent's language."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.definitions.languages import in_language
from keepwell.definitions.survey_questions import (
    Choice,
    MatrixQuestion,
    MultipleChoiceQuestion,
    Question,
    QuestionBase,
    RankingQuestion,
    Scale,
    SingleChoiceQuestion,
    TextQuestion,
)
from keepwell.engine.surveys.words import said


@dataclass(frozen=True)
class Read:
    """An answer (None: left out), or a problem in words; never both."""

    answer: Any = None
    problem: str | None = None


class _WrongError(Exception):
    def __init__(self, word: str, **values: object) -> None:
        super().__init__(word)
        self.word, self.values = word, values


def read_answer(question: Question, sent: Any, language: str) -> Read:
    """The answer in what was sent.

    `sent` may come from a form or from JSON: numbers also as text, several values as a sequence or one of them alone, a
    matrix as a map. None, blank text and nothing chosen mean that it was left out, which a required question refuses.
    """
    reader = next(read for kind, read in _READERS if isinstance(question, kind))
    try:
        answer = None if _is_blank(sent) else reader(question, sent, language)
        if answer is None and question.required:
            raise _WrongError("required")
    except _WrongError as wrong:
        return Read(problem=said(wrong.word, language, **wrong.values))
    return Read(answer)


def _is_blank(sent: Any) -> bool:
    if isinstance(sent, str):
        return not sent.strip()
    if isinstance(sent, Mapping):
        return all(_is_blank(one) for one in sent.values())
    return sent is None or (isinstance(sent, Sequence) and all(_is_blank(one) for one in sent))


def _scale(question: Scale, sent: Any, _: str) -> float:
    try:
        number = float(sent) if isinstance(sent, int | float | str) and not isinstance(sent, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not (number.is_integer() and question.lowest <= number <= question.highest):
        raise _WrongError("number", low=question.lowest, high=question.highest)
    return number


def _single(question: SingleChoiceQuestion, sent: Any, _: str) -> str:
    if isinstance(sent, list | tuple) and len(sent) == 1:
        sent = sent[0]
    if sent not in _values(question.choices):
        raise _WrongError("one")
    return str(sent)


def _several(sent: Any) -> list[Any]:
    found = [sent] if isinstance(sent, str) else list(sent) if isinstance(sent, list | tuple) else [None]
    return [one for one in found if not _is_blank(one)] if any(isinstance(one, str) for one in found) else found


def _multiple(question: MultipleChoiceQuestion, sent: Any, _: str) -> tuple[str, ...]:
    chosen = _several(sent)
    if any(one not in _values(question.choices) for one in chosen):
        raise _WrongError("one")
    answer = tuple(one for one in _values(question.choices) if one in chosen)
    if len(answer) < (question.at_least or 1):
        raise _WrongError("at_least", count=question.at_least or 1)
    if question.at_most is not None and len(answer) > question.at_most:
        raise _WrongError("at_most", count=question.at_most)
    return answer


def _ranking(question: RankingQuestion, sent: Any, _: str) -> tuple[str, ...]:
    """Values in order, or a map from value to place as forms send it."""
    if isinstance(sent, Mapping):
        placed = {value: place for value, place in sent.items() if not _is_blank(place)}
        try:
            sent = [value for value, _ in sorted(placed.items(), key=lambda one: int(one[1]))]
        except (TypeError, ValueError):
            raise _WrongError("ranking", count=question.places) from None
        if len({str(place) for place in placed.values()}) < len(placed):
            raise _WrongError("ranking", count=question.places)
    order = _several(sent)
    if any(one not in _values(question.choices) for one in order):
        raise _WrongError("one")
    if len(set(order)) < len(order) or len(order) != question.places:
        raise _WrongError("ranking", count=question.places)
    return tuple(order)


def _matrix(question: MatrixQuestion, sent: Any, language: str) -> dict[str, str]:
    if not isinstance(sent, Mapping):
        raise _WrongError("one")
    given = {str(row): column for row, column in sent.items() if not _is_blank(column)}
    columns = _values(question.columns)
    if any(row not in _values(question.rows) for row in given) or any(one not in columns for one in given.values()):
        raise _WrongError("one")
    missing = [one for one in question.rows if one.value not in given]
    if question.required and missing:
        raise _WrongError("row", row=in_language(missing[0].text, language, ""))
    return {one.value: given[one.value] for one in question.rows if one.value in given}


def _text(question: TextQuestion, sent: Any, _: str) -> str:
    if not isinstance(sent, str):
        raise _WrongError("text")
    text = sent.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > question.characters:
        raise _WrongError("long", most=question.characters, count=len(text))
    return text


def _values(choices: Sequence[Choice]) -> tuple[str, ...]:
    return tuple(one.value for one in choices)


_READERS: tuple[tuple[type[QuestionBase], Callable[[Any, Any, str], Any]], ...] = (
    (Scale, _scale),
    (SingleChoiceQuestion, _single),
    (MultipleChoiceQuestion, _multiple),
    (RankingQuestion, _ranking),
    (MatrixQuestion, _matrix),
    (TextQuestion, _text),
)
