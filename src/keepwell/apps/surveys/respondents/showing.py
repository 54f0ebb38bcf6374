"""A question as a page shows it: what there is to choose, and what was chosen before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keepwell.apps.surveys.respondents.words import said
from keepwell.definitions.languages import in_language
from keepwell.definitions.survey_questions import (
    Choice,
    MatrixQuestion,
    MultipleChoiceQuestion,
    Question,
    RankingQuestion,
    Scale,
    SingleChoiceQuestion,
    TextQuestion,
)
from keepwell.engine.surveys.flow import ordered_choices


class Shown:
    """Texts in one language. `key` names the respondent, so that a page opened again shows the same order."""

    def __init__(self, question: Question, language: str, default: str, key: str) -> None:
        self.question, self.name, self.kind = question, question.name, question.kind
        self._language, self._default, self._key = language, default, key
        self.text, self.help = self._said(question.text), self._said(question.help)
        self.required, self.problem = question.required, ""
        self.template = f"surveys/respond/_{self._part()}.html"
        self.is_group = not isinstance(question, TextQuestion)

    def _part(self) -> str:
        return "scale" if isinstance(self.question, Scale) else self.question.kind

    def _said(self, texts: Mapping[str, str] | None) -> str:
        return in_language(texts, self._language, self._default) if texts else ""

    def fill(self, value: Any, problem: str = "") -> Shown:
        """With what was chosen or typed, and what is wrong with it."""
        self.problem = problem
        _FILLERS[self._part()](self, value)
        return self

    def scale(self, value: Any) -> None:
        assert isinstance(self.question, Scale)
        self.low, self.high = self._said(self.question.low), self._said(self.question.high)
        chosen = _number(value)
        numbers = range(self.question.lowest, self.question.highest + 1)
        self.numbers = [(one, one == chosen) for one in numbers]
        self.is_long = len(self.numbers) > 11

    def one_of(self, value: Any) -> None:
        chosen = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
        self.choices = [(one.value, self._said(one.text), one.value == chosen) for one in self._ordered()]

    def some_of(self, value: Any) -> None:
        assert isinstance(self.question, MultipleChoiceQuestion)
        chosen = value or ()
        self.choices = [(one.value, self._said(one.text), one.value in chosen) for one in self._ordered()]

    def ranked(self, value: Any) -> None:
        assert isinstance(self.question, RankingQuestion)
        places = value if isinstance(value, Mapping) else {one: str(at) for at, one in enumerate(value or (), 1)}
        count = self.question.places
        self.how = said("ranking", self._language, count=count)
        self.ranks = [
            (one.value, self._said(one.text), said("place", self._language, choice=self._said(one.text)),
             [(str(at), str(at) == places.get(one.value)) for at in range(1, count + 1)])
            for one in self._ordered()
        ]  # fmt: skip

    def gridded(self, value: Any) -> None:
        assert isinstance(self.question, MatrixQuestion)
        chosen = value or {}
        self.columns = [(one.value, self._said(one.text)) for one in self.question.columns]
        self.rows = [
            (row.value, self._said(row.text), [(value, text, chosen.get(row.value) == value)
                                               for value, text in self.columns])
            for row in self._ordered()
        ]  # fmt: skip

    def written(self, value: Any) -> None:
        assert isinstance(self.question, TextQuestion)
        self.lines, self.characters = self.question.lines, self.question.characters
        self.value = value if isinstance(value, str) else ""

    def _ordered(self) -> tuple[Choice, ...]:
        return ordered_choices(self.question, self._key)


_FILLERS = {
    "scale": Shown.scale, "single_choice": Shown.one_of, "multiple_choice": Shown.some_of, "ranking": Shown.ranked,
    "matrix": Shown.gridded, "text": Shown.written,
}  # fmt: skip
KINDS = (Scale, SingleChoiceQuestion, MultipleChoiceQuestion, RankingQuestion, MatrixQuestion, TextQuestion)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
