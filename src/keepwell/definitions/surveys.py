"""Surveys: what customers are asked, whom, when and in which languages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from keepwell.definitions.base import Definition, Documented, ExpressionField, one_or_several
from keepwell.definitions.closings import ClosingField
from keepwell.definitions.durations import Days, DaysFromZero
from keepwell.definitions.languages import FilledTexts, Language, Texts
from keepwell.definitions.names import Name
from keepwell.definitions.shares import Sample
from keepwell.definitions.survey_questions import Question
from keepwell.definitions.triggers import Triggers

Channel = Literal["personal_link", "email", "anonymous_link", "in_product"]
Aggregation = Literal["nps", "mean", "top_share", "latest"]
COOL_DOWN = 90
"""Days for which somebody who was asked is left in peace, unless a survey says otherwise."""


def _several(value: object) -> object:
    return value if isinstance(value, tuple | list) else (value,)


class Audience(Definition):
    """Whom a survey asks: people for whom `people` is true, at accounts for which `accounts` is."""

    accounts: ExpressionField | None = Field(
        None, description="An expression over accounts; all accounts unless said here"
    )
    people: ExpressionField | None = Field(
        None, description="An expression over people, such as `role = 'admin'`; everybody unless said here"
    )


class Letter(Definition):
    """A letter with the link; texts may have fields."""

    subject: FilledTexts = Field(description="Its subject")
    text: FilledTexts = Field(description="Its text; `{link}` stands for the link of whom it goes to")


class Reminders(Definition):
    """Letters to those who have not finished."""

    after: Days = Field(description="How long after the invitation, and after the reminder before")
    at_most: Annotated[int, Field(ge=1, le=5)] = Field(1, description="So many reminders, at most 5")
    letter: Letter | None = Field(None, description="What they say; the invitation once more unless said here")


class AccountValue(Definition):
    """How the answers of an account's people become one value."""

    question: Name = Field(description="A question with a scale")
    aggregate: Aggregation = Field(
        description="The NPS, the mean, the share of good answers in percent, or the newest answer alone"
    )
    within: Days | None = Field(None, description="Only answers of so many days; all unless said here")


class Survey(Documented):
    """What customers are asked, whom, when and in which languages."""

    enabled: bool = Field(True, description="A survey that is not enabled is checked and shown, and asks nobody")
    order: int = Field(0, description="Who could be asked by several is asked by the lowest, of the same by name")
    languages: tuple[Language, ...] = Field(
        ("en",), min_length=1, max_length=40, description="The languages of its texts; the first is the default"
    )
    heading: Texts | None = Field(None, description="What respondents see as its title")
    intro: Texts | None = Field(None, description="What they read before the first question")
    questions: tuple[Question, ...] = Field(min_length=1, max_length=200, description="What is asked, in this order")
    per_page: Annotated[int, Field(ge=1)] | None = Field(
        None, description="So many questions on a page; as many as branching allows unless said here"
    )
    thanks: Texts | None = Field(None, description="What they read at the end")
    audience: Audience = Field(Audience(), description="Whom it asks")
    distribution: Annotated[tuple[Channel, ...], BeforeValidator(_several), one_or_several()] = Field(
        ("personal_link",), min_length=1, description="The ways it reaches people, one or several"
    )
    email: Letter | None = Field(None, description="The letter, for `email`")
    on: Triggers | None = Field(None, description="What sends it, one or several; by hand alone unless said here")
    cool_down: DaysFromZero = Field(
        COOL_DOWN, description="Whom any survey asked within this time is left in peace by this one"
    )
    sample: Sample = Field(1.0, description="The share of people who are asked, drawn once for each person: `25%`")
    reminders: Reminders | None = Field(None, description="Letters to those who have not finished")
    closes: ClosingField | None = Field(
        None, description="The last day of answers, such as `2026-12-31`, or how long after the invitation: `30 days`"
    )
    account_value: AccountValue | None = Field(
        None, description="The value of an account; the score of the first question with a scale unless said here"
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Survey:
        problems = [
            f"each question needs a name of its own; found twice: {name}" for name in _twice(self.question_names)
        ]
        problems += [f"the language {code} stands twice" for code in _twice(self.languages)]
        problems += [f"'{channel}' stands twice" for channel in _twice(self.distribution)]
        if "email" in self.distribution and self.email is None:
            problems.append("'email' is among the ways it reaches people; write the letter under 'email'")
        if self.reminders is not None and "email" not in self.distribution:
            problems.append("reminders are letters; add email to 'distribution'")
        if self.email is not None and "email" not in self.distribution:
            problems.append("there is a letter, and email is not in 'distribution'; add it there")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def default_language(self) -> str:
        return self.languages[0]

    @property
    def question_names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.questions)

    def question(self, name: str) -> Question:
        """The question of this name. Raises KeyError where there is none."""
        return {one.name: one for one in self.questions}[name]


def _twice(names: tuple[str, ...]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
