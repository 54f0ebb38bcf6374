"""Questions of surveys: what each kind asks for, in keys of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Union

from pydantic import Field, Tag, model_validator

from keepwell.definitions.base import Definition, ExpressionField
from keepwell.definitions.by_key import chosen_by, known_at
from keepwell.definitions.languages import Texts
from keepwell.definitions.names import Name

QuestionKind = Literal["nps", "csat", "ces", "rating", "single_choice", "multiple_choice", "ranking", "matrix", "text"]


class Choice(Definition):
    """One of the things to choose from."""

    value: Name = Field(description="What answers, expressions and results call it; unique in its list")
    text: Texts = Field(description="What people read")
    fixed: bool = Field(False, description="Keeps its place where the order is random, such as `something else`")


Choices = Annotated[tuple[Choice, ...], Field(min_length=1, max_length=100)]


class QuestionBase(Definition):
    """What every question has."""

    name: Name = Field(description="What expressions and results call it; unique in the survey")
    kind: QuestionKind = Field(description="What it asks for")
    text: Texts = Field(description="The question")
    help: Texts | None = Field(None, description="A line below the question")
    required: bool = Field(False, description="Whether one can go on without an answer")
    show_when: ExpressionField | None = Field(
        None, description="Asked only where this is true of earlier answers; null counts as false"
    )
    end_when: ExpressionField | None = Field(
        None, description="The survey ends after it where this is true of its answer and earlier ones"
    )


class Scale(QuestionBase):
    """A number on a scale."""

    low: Texts | None = Field(None, description="What the lowest number means")
    high: Texts | None = Field(None, description="What the highest number means")

    @property
    def lowest(self) -> int:
        return 1

    @property
    def highest(self) -> int:
        raise NotImplementedError

    @property
    def top_from(self) -> int:
        """The lowest number that counts as a good one."""
        raise NotImplementedError


class NpsQuestion(Scale):
    """From 0 to 10: detractors up to 6, passives 7 and 8, promoters 9 and 10."""

    kind: Literal["nps"] = Field(description="Whether they would recommend, from 0 to 10")

    @property
    def lowest(self) -> int:
        return 0

    @property
    def highest(self) -> int:
        return 10

    @property
    def top_from(self) -> int:
        return 9


class _Pointed(Scale):
    points: int = Field(description="The scale goes from 1 to this")
    top: int = Field(description="So many of the highest points count as good")

    @property
    def highest(self) -> int:
        return self.points

    @property
    def top_from(self) -> int:
        return self.points - self.top + 1

    @model_validator(mode="after")
    def _some_are_not_good(self) -> _Pointed:
        if self.top >= self.points:
            raise ValueError(f"'top' is less than the {self.points} points; at most {self.points - 1}")
        return self


class CsatQuestion(_Pointed):
    """How satisfied they are."""

    kind: Literal["csat"] = Field(description="How satisfied they are")
    points: Annotated[int, Field(ge=2, le=10)] = Field(5, description="The scale goes from 1 to this")
    top: Annotated[int, Field(ge=1, le=9)] = Field(2, description="So many of the highest points count as satisfied")


class CesQuestion(_Pointed):
    """How easy it was."""

    kind: Literal["ces"] = Field(description="How easy it was; the highest number is the easiest")
    points: Annotated[int, Field(ge=2, le=10)] = Field(7, description="The scale goes from 1 to this")
    top: Annotated[int, Field(ge=1, le=9)] = Field(3, description="So many of the highest points count as easy")


class RatingQuestion(Scale):
    """A number on a scale of one's own."""

    kind: Literal["rating"] = Field(description="A number on a scale of one's own")
    first: Annotated[int, Field(ge=-100, le=100)] = Field(1, alias="from", description="The lowest number")
    last: Annotated[int, Field(ge=-100, le=100)] = Field(5, alias="to", description="The highest number")
    good_from: Annotated[int, Field(ge=-100, le=100)] | None = Field(
        None, description="The lowest number that counts as good; the highest number unless said here"
    )

    @property
    def lowest(self) -> int:
        return self.first

    @property
    def highest(self) -> int:
        return self.last

    @property
    def top_from(self) -> int:
        return self.last if self.good_from is None else self.good_from

    @model_validator(mode="after")
    def _is_a_scale(self) -> RatingQuestion:
        if self.first >= self.last:
            raise ValueError(f"a scale goes up: 'from' {self.first} is not below 'to' {self.last}")
        if not self.first < self.top_from <= self.last:
            raise ValueError(f"'good_from' lies above {self.first} and at most at {self.last}")
        return self


class _Chosen(QuestionBase):
    _lists: ClassVar[tuple[str, ...]] = ("choices",)

    @model_validator(mode="after")
    def _values_are_unique(self) -> _Chosen:
        for key in self._lists:
            values = [one.value for one in getattr(self, key)]
            if twice := sorted({one for one in values if values.count(one) > 1}):
                raise ValueError(f"each of '{key}' needs a value of its own; found twice: {', '.join(twice)}")
        return self


class SingleChoiceQuestion(_Chosen):
    """One of some things."""

    kind: Literal["single_choice"] = Field(description="One of some things")
    choices: Choices = Field(description="What to choose from")
    randomised: bool = Field(False, description="Shows them in another order to each person, the same one each time")


class MultipleChoiceQuestion(_Chosen):
    """Any number of some things."""

    kind: Literal["multiple_choice"] = Field(description="Any number of some things")
    choices: Choices = Field(description="What to choose from")
    randomised: bool = Field(False, description="Shows them in another order to each person, the same one each time")
    at_least: Annotated[int, Field(ge=1)] | None = Field(None, description="An answer has at least so many")
    at_most: Annotated[int, Field(ge=1)] | None = Field(None, description="An answer has at most so many")

    @model_validator(mode="after")
    def _can_be_answered(self) -> MultipleChoiceQuestion:
        if (self.at_least or 1) > len(self.choices):
            raise ValueError(f"'at_least' is {self.at_least}, and there are {len(self.choices)} choices")
        if self.at_most is not None and self.at_most < (self.at_least or 1):
            raise ValueError(f"'at_most' {self.at_most} is below 'at_least' {self.at_least}")
        return self


class RankingQuestion(_Chosen):
    """Things in the order of what matters most."""

    kind: Literal["ranking"] = Field(description="Things in the order of what matters most")
    choices: Annotated[Choices, Field(min_length=2)] = Field(description="What to put in order")
    randomised: bool = Field(False, description="Shows them in another order to each person, the same one each time")
    at_most: Annotated[int, Field(ge=1)] | None = Field(None, description="Only the first so many are put in order")

    @property
    def places(self) -> int:
        """How many things an answer puts in order."""
        return min(self.at_most or len(self.choices), len(self.choices))


class MatrixQuestion(_Chosen):
    """One of the same things for each of several rows."""

    _lists: ClassVar[tuple[str, ...]] = ("rows", "columns")
    kind: Literal["matrix"] = Field(description="One of the same things for each of several rows")
    rows: Choices = Field(description="What is asked about")
    columns: Choices = Field(description="What to choose from in each row")
    randomised: bool = Field(False, description="Shows the rows in another order to each person")


class TextQuestion(QuestionBase):
    """Words of their own."""

    kind: Literal["text"] = Field(description="Words of their own")
    lines: Annotated[int, Field(ge=1, le=30)] = Field(4, description="How many lines the field shows")
    characters: Annotated[int, Field(ge=1, le=5000)] = Field(2000, description="An answer has at most so many")


_QUESTIONS: dict[str, type[QuestionBase]] = {
    "nps": NpsQuestion,
    "csat": CsatQuestion,
    "ces": CesQuestion,
    "rating": RatingQuestion,
    "single_choice": SingleChoiceQuestion,
    "multiple_choice": MultipleChoiceQuestion,
    "ranking": RankingQuestion,
    "matrix": MatrixQuestion,
    "text": TextQuestion,
}
QUESTION_KINDS = tuple(_QUESTIONS)


def question_model(kind: str) -> type[QuestionBase]:
    """The model of a kind of question. Raises KeyError for what is none."""
    return _QUESTIONS[kind]


CHOOSING = ("single_choice", "multiple_choice", "ranking", "matrix")
"""Kinds whose answers are choices."""


Question = Annotated[
    Union[  # noqa: UP007 - a discriminated union is written this way
        Annotated[NpsQuestion, Tag("question nps")],
        Annotated[CsatQuestion, Tag("question csat")],
        Annotated[CesQuestion, Tag("question ces")],
        Annotated[RatingQuestion, Tag("question rating")],
        Annotated[SingleChoiceQuestion, Tag("question single_choice")],
        Annotated[MultipleChoiceQuestion, Tag("question multiple_choice")],
        Annotated[RankingQuestion, Tag("question ranking")],
        Annotated[MatrixQuestion, Tag("question matrix")],
        Annotated[TextQuestion, Tag("question text")],
    ],
    chosen_by("kind", "question", _QUESTIONS, error=f"a question has a kind, one of {', '.join(_QUESTIONS)}"),
    known_at("kind", "kind of question", _QUESTIONS),
]
