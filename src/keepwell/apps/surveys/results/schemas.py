"""What the API of results is sent and says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from keepwell.engine.surveys.intervals import Estimate


class ResultQuery(Schema):
    """Which answers: all parameters of the page, so that its address works here too."""

    days: Literal["365", "30", "90", "730", "all", ""] = Field("", description="How far back; 365 unless given")
    from_: str = Field("", alias="from", max_length=20, description="The first day, instead of `days`")
    to: str = Field("", max_length=20, description="The last day; today unless given")
    period: Literal["month", "week", ""] = Field("", description="Of the trend; months unless given")
    by: str = Field("", max_length=100, description="What segments are: segment, stage, owner, language, channel, "
                    "version or attribute.NAME")  # fmt: skip
    question: str = Field("", max_length=100, description="The question with a scale; that of the account value first")
    segment: str = Field("", max_length=100, description="Answers of accounts in this segment")
    stage: str = Field("", max_length=100, description="Of accounts in this stage")
    csm: str = Field("", max_length=100, description="Of accounts of this owner, by number; me, or none")
    where: str = Field("", max_length=1000, description="Of accounts for which this expression is true")
    language: str = Field("", max_length=35)
    channel: str = Field("", max_length=20)
    version: str = Field("", max_length=40)


class EstimateOut(Schema):
    """`low` and `high` with 95 % confidence, null where nothing can be said; `count`: answers behind it."""

    value: float
    low: float | None
    high: float | None
    count: int


class RateOut(Schema):
    asked: int
    answered: int
    rate: EstimateOut | None


class PointOut(Schema):
    starts_on: date
    score: EstimateOut | None
    whole: bool


class SegmentOut(Schema):
    """`against_rest`: the score less that of everybody else; null where either side has too few answers to judge."""

    name: str
    score: EstimateOut
    against_rest: EstimateOut | None


class DriverOut(Schema):
    """With `choice` a difference in points, without it a correlation of ranks. Association says nothing of causes."""

    question: str
    part: str | None
    choice: str | None
    association: EstimateOut
    count: int
    others: int


class ResultsOut(Schema):
    """Of the accounts that you see. `counts`: how many gave which answer. `questions`: each kind in its own terms."""

    survey: str
    first: date | None
    last: date
    answers: int
    question: str
    score: EstimateOut | None
    mean: EstimateOut | None
    counts: dict[str, int]
    response_rate: RateOut
    trend: list[PointOut]
    segments: list[SegmentOut]
    drivers: list[DriverOut]
    questions: dict[str, dict[str, Any]]


class SurveyOut(Schema):
    """Over the last 365 days."""

    name: str
    title: str
    status: str
    answers: int
    score: EstimateOut | None
    response_rate: RateOut
    last_answer: date | None


class ResponseOut(Schema):
    """`answers`: by question."""

    response_id: str
    account_id: str | None
    person_id: str | None
    answered_at: datetime
    asked_at: datetime | None
    language: str
    channel: str
    version: str
    finished: bool
    answers: dict[str, Any]


class ImportIn(Schema):
    """`take`: nothing of it (it is looked at), all rows or none, or the accepted ones."""

    csv: str = Field(..., min_length=1, max_length=5_000_000, description="The file, column names first")
    file_name: str = Field("api.csv", max_length=200)
    columns: dict[str, str] | None = Field(None, description="By column what it is; guessed unless given")
    take: Literal["", "all", "accepted"] = ""
    told: bool = Field(False, description="Whether rules and owners hear of each answer")


class RejectedOut(Schema):
    row: int
    reasons: list[str]


class ImportOut(Schema):
    """`there`: rows that were taken before and add nothing. `rejected_rows`: the first hundred, with all reasons."""

    id: int
    status: str
    columns: dict[str, str]
    rows: int
    new: int
    there: int
    rejected: int
    rejected_rows: list[RejectedOut]


def estimate(found: Estimate | None) -> dict[str, Any] | None:
    return None if found is None else {
        "value": found.value, "low": found.low, "high": found.high, "count": found.count,
    }  # fmt: skip
