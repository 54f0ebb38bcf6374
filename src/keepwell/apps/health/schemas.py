"""What the API says of scores, entries, overrides, pins, feedback and runs, and what it takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from keepwell.apps.rest.schemas import Day, Health, Key, Sent

Source = Literal["manual", "rule", "api"]
Points = Annotated[float, Field(ge=0, le=100)]


class ScoreOut(Health):
    """`computed`: before overrides. `trend`: final scores of the last weeks, oldest first, null where unknown."""

    computed: float | None
    card_version: str
    known_at: datetime
    coverage: float | None
    previous: float | None = Field(description="A week before")
    change: float | None
    overrides: list[Any]
    why: str
    trend: list[float | None]


class LevelOut(Schema):
    score: float
    label: str
    help: str | None


class MeasureOut(Schema):
    name: str
    title: str | None
    help: str | None
    valid_for_days: int | None
    levels: list[LevelOut]


class EntryOut(Schema):
    """`score` null: what the source said before was withdrawn."""

    id: int
    measure: str
    source: str
    score: float | None
    level: str | None
    comment: str
    author: str
    occurred_at: datetime
    recorded_at: datetime
    expires_at: datetime | None


class SourceOut(Schema):
    source: str
    why: str


class StandingOut(Schema):
    """`on_card`: whether the account's card has the measure."""

    measure: str
    title: str
    on_card: bool
    entry: EntryOut | None
    stale_on: date | None
    sources: list[SourceOut]


class LineOut(Schema):
    """`locked`: it belongs to somebody else, and you may change only your own."""

    account_id: str
    name: str
    locked: bool
    entry: EntryOut | None


class EnterIn(Sent):
    """`day`: when it was so, the day that counts at once unless said otherwise. `expires`: its last day."""

    score: Points = Field(examples=[60])
    comment: str = Field("", max_length=5000, examples=["The sponsor joined the review"])
    day: Day | None = None
    expires: Day | None = None
    source: Source = "manual"


class EnterOne(Sent):
    account_id: Key
    score: Points
    comment: str = Field("", max_length=5000)
    day: Day | None = None
    expires: Day | None = None


class EnterManyIn(Sent):
    measure: str = Field(min_length=1, max_length=100, examples=["executive_relationship"])
    source: Source = "manual"
    scores: list[EnterOne] = Field(
        min_length=1, max_length=5000, examples=[[{"account_id": "acme", "score": 60, "comment": "Joins reviews"}]]
    )


class OverrideIn(Sent):
    """`value`: a number from 0 to 100, or a band of the account's scheme. `until`: its last day."""

    effect: Literal["set", "at_most", "at_least"] = Field(examples=["at_most"])
    value: str = Field(min_length=1, max_length=60, examples=["red"])
    reason: str = Field(min_length=1, max_length=5000, examples=["They are selling the company"])
    until: Day | None = None


class OverrideOut(Schema):
    id: int
    effect: str
    value: str
    reason: str
    author: str
    recorded_at: datetime
    until: datetime | None
    withdrawn_at: datetime | None
    state: str


class PinIn(Sent):
    scorecard: str = Field(min_length=1, max_length=100, examples=["main"])
    reason: str = Field(min_length=1, max_length=5000, examples=["Agreed with the customer"])
    until: Day | None = None


class PinOut(Schema):
    scorecard: str
    reason: str
    author: str
    recorded_at: datetime
    until: datetime | None
    in_force: bool


class FeedbackIn(Sent):
    expected_label: str = Field(min_length=1, max_length=60, examples=["red"])
    reason: str = Field(min_length=1, max_length=2000, examples=["Their champion left last week"])
    measure: str = Field("", max_length=100, description="What of the score feels wrong; empty: the whole")


class FeedbackOut(Schema):
    id: int
    author: str
    as_of: date
    shown_score: float | None
    shown_label: str
    expected_label: str
    measure: str
    reason: str
    recorded_at: datetime


class RunIn(Sent):
    as_of: Day = Field(examples=["2026-03-02"])


class RunOut(Schema):
    """`status`: waiting, running, done or failed; `error` says why it failed."""

    id: int
    as_of: date
    known_at: datetime | None
    status: str
    purpose: str
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seconds: float | None
    version_number: int | None
    engine_version: str
    accounts: int | None
    moved: int | None
    attempts: int
    error: str


class RunDetail(RunOut):
    step: str
    done: int
    total: int
    steps: list[Any]
    moves: list[Any]
    warnings: list[Any]
