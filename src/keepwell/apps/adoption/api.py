"""Adoption over the API: the figures of the pages, for a portfolio, a segment or one account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Annotated, Any, Literal, TypeVar, cast

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.apps.adoption import counting, reading
from keepwell.apps.adoption.asking import NothingSaysWho, Scope, scope_of
from keepwell.apps.adoption.counting import StillCounting, waiting
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.problems import NotYet
from keepwell.apps.rest.schemas import Day
from keepwell.engine.adoption.funnels import Step
from keepwell.errors import RequestRefused

router = Router(tags=["Usage"])

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def counted(endpoint: Endpoint) -> Endpoint:
    """Figures that take longer are counted beside the call; 503 with Retry-After until they are there."""

    @wraps(endpoint)
    def patient(*args: Any, **more: Any) -> Any:
        try:
            with waiting(counting.OF_CALLS):
                return endpoint(*args, **more)
        except StillCounting as still:
            raise NotYet(str(still)) from None

    return cast(Endpoint, patient)


class ScopeQuery(Schema):
    """Whom it is about: every account that the caller sees, those of a segment, or one."""

    segment: str = Field("", max_length=100, description="The name of a segment")
    account: str = Field("", max_length=200, description="The id of an account")
    as_of: Day | None = Field(None, description="The last day; the newest of the data unless given")

    def scope(self, request: HttpRequest) -> Scope:
        try:
            return scope_of(actor_of(request), segment=self.segment, account=self.account, as_of=self.as_of)
        except NothingSaysWho:
            raise RequestRefused("no dataset says who uses what: give one 'person' and 'event'") from None


class CountQuery(ScopeQuery):
    by: Literal["person", "account"] = Field("person", description="Whom to count")
    days: int = Field(90, ge=1, le=3660, description="How many days up to the last one")


class PeriodQuery(ScopeQuery):
    by: Literal["person", "account"] = Field("person", description="Whom to count")
    period: Literal["day", "week", "month"] = Field("week", description="Weeks begin on Monday, months on their first")
    periods: int = Field(12, ge=1, le=400, description="How many periods")


class WindowQuery(ScopeQuery):
    window: int = Field(28, ge=1, le=366, description="How many days up to the last one count")


class FunnelQuery(ScopeQuery):
    """`steps`: event:NAME or feature:NAME, in their order."""

    step: list[Annotated[str, Field(pattern=r"^(event|feature):.+", max_length=510)]] = Field(
        ..., min_length=1, max_length=8, description="event:NAME or feature:NAME, in their order; give it several times"
    )
    by: Literal["person", "account"] = Field("person", description="Whom to count")
    days: int = Field(28, ge=1, le=366, description="How many days up to the last one all steps lie in")
    within: int = Field(7, ge=1, le=366, description="Days from the first step to the last")
    by_segment: bool = Field(False, description="One funnel for each segment")


class PathQuery(ScopeQuery):
    event: str = Field(..., min_length=1, max_length=500, description="Where the ways begin, or end")
    direction: Literal["from", "towards"] = Field("from", description="What follows the event, or what leads to it")
    days: int = Field(28, ge=1, le=92, description="How many days up to the last one")
    depth: int = Field(3, ge=1, le=5, description="How many steps")


class FirstQuery(ScopeQuery):
    event: str = Field("", max_length=500, description="The event that is value; any use unless given")
    feature: str = Field("", max_length=500, description="The feature that is value, instead of an event")


class Answer(Schema):
    """`accounts`: how many it is about. `partial`: the last day is today, and not over."""

    as_of: date
    partial: bool
    accounts: int


class ActiveRow(Schema):
    day: date
    daily: int
    weekly: int
    monthly: int
    stickiness: float | None


class ActiveOut(Answer):
    items: list[ActiveRow]


class LifecycleRow(Schema):
    starts_on: date
    new: int
    returning: int
    resurrected: int
    dormant: int
    partial: bool


class LifecycleOut(Answer):
    items: list[LifecycleRow]


class CohortRow(Schema):
    """`recurring`, `cumulative`: how many were there in period k, and in k or later; null before it has begun."""

    starts_on: date
    size: int
    recurring: list[int | None]
    cumulative: list[int | None]
    over: list[bool]


class RetentionOut(Answer):
    items: list[CohortRow]


class UseRow(Schema):
    account: str
    name: str
    events: int
    active_days: int
    daily: int
    weekly: int
    monthly: int
    stickiness: float | None
    breadth: int
    depth: float | None
    seats: float | None
    utilisation: float | None
    last_day: date | None


class UseOut(Answer):
    items: list[UseRow]


class ReachRow(Schema):
    feature: str
    events: int
    accounts: int
    people: int
    account_reach: float
    people_reach: float | None


class CellRow(Schema):
    account: str
    feature: str
    events: int
    people: int
    last_day: date


class FeaturesOut(Answer):
    """`items`: by feature; `matrix`: a row for each account and feature that was used."""

    items: list[ReachRow]
    matrix: list[CellRow]


class StepRow(Schema):
    segment: str
    step: str
    people: int
    of_previous: float | None
    of_first: float | None


class FunnelOut(Answer):
    items: list[StepRow]


class LinkRow(Schema):
    level: int
    source: str
    target: str
    people: int


class PathsOut(Answer):
    items: list[LinkRow]


class FirstRow(Schema):
    account: str
    started_on: date | None
    first_on: date | None
    days: int | None


class FirstOut(Answer):
    items: list[FirstRow]


@router.get("/usage/active", response=ActiveOut, auth=VIEW, summary="Active users by day")
@counted
def get_active(request: HttpRequest, asked: Query[CountQuery]) -> dict[str, Any]:
    """Distinct users of each day, of the 7 days up to it and of the 28, and stickiness, daily over monthly."""
    scope = asked.scope(request)
    found = reading.active_of(scope, asked.by)
    sticky = [None if one != one else one for one in found.stickiness().tolist()]  # noqa: PLR0124 - NaN
    columns = (found.dates, *(found.counts[window].tolist() for window in (1, 7, 28)), sticky)
    names = ("day", "daily", "weekly", "monthly", "stickiness")
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return _answer(scope, rows[-asked.days :])


@router.get("/usage/lifecycle", response=LifecycleOut, auth=VIEW, summary="New, returning, resurrected and dormant")
@counted
def get_lifecycle(request: HttpRequest, asked: Query[PeriodQuery]) -> dict[str, Any]:
    """The oldest period first; of a period that is not over the dormant are still too many."""
    scope = asked.scope(request)
    found = reading.lifecycle_of(scope, asked.by, asked.period)
    names = ("starts_on", "new", "returning", "resurrected", "dormant", "partial")
    columns = (getattr(found, name) for name in names)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return _answer(scope, rows[-asked.periods :])


@router.get("/usage/retention", response=RetentionOut, auth=VIEW, summary="Retention by cohort")
@counted
def get_retention(request: HttpRequest, asked: Query[PeriodQuery]) -> dict[str, Any]:
    """Every cohort of the data, the oldest first, over up to `periods` periods after its first."""
    scope = asked.scope(request)
    found = reading.retention_of(scope, asked.by, asked.period, asked.periods)

    def known(cells: Any, at: int) -> list[int | None]:
        return [int(one) if held else None for one, held in zip(cells[at], found.known[at], strict=True)]

    rows = [
        {"starts_on": day, "size": int(found.size[at]), "recurring": known(found.recurring, at),
         "cumulative": known(found.cumulative, at), "over": found.over[at].tolist()}
        for at, day in enumerate(found.cohorts)
    ]  # fmt: skip
    return _answer(scope, rows)


@router.get("/usage/accounts", response=UseOut, auth=VIEW, summary="Use by account")
@counted
def get_use(request: HttpRequest, asked: Query[WindowQuery]) -> dict[str, Any]:
    """People, breadth (features), depth (events a person), stickiness, and seats in use; by name."""
    scope = asked.scope(request)
    return _answer(scope, reading.use_of(scope, asked.window))


@router.get("/usage/features", response=FeaturesOut, auth=VIEW, summary="Feature adoption")
@counted
def get_features(request: HttpRequest, asked: Query[WindowQuery]) -> dict[str, Any]:
    """How far each feature reaches among active accounts and people, and who uses which."""
    scope = asked.scope(request)
    rows = reading.reach_of(scope, asked.window)
    return {**_answer(scope, rows), "matrix": reading.matrix_of(scope, asked.window)}


@router.get("/usage/funnel", response=FunnelOut, auth=VIEW, summary="A funnel")
@counted
def get_funnel(request: HttpRequest, asked: Query[FunnelQuery]) -> dict[str, Any]:
    """How many took each step after the one before it, all within `within` days of the first."""
    scope = asked.scope(request)
    steps = [Step(name, kind == "feature") for kind, _, name in (one.partition(":") for one in asked.step)]
    found = reading.funnel_of(
        scope, steps, days=asked.days, within=asked.within, by=asked.by, by_segment=asked.by_segment
    )
    rows = [
        {"segment": one.segment, "step": f"{'feature' if one.step.is_feature else 'event'}:{one.step.name}",
         "people": one.people, "of_previous": one.of_previous, "of_first": one.of_first}
        for one in found
    ]  # fmt: skip
    return _answer(scope, rows)


@router.get("/usage/paths", response=PathsOut, auth=VIEW, summary="Paths from or towards an event")
@counted
def get_paths(request: HttpRequest, asked: Query[PathQuery]) -> dict[str, Any]:
    """Links between steps in the order of time: what each person did after the first time, or before the last."""
    scope = asked.scope(request)
    towards = asked.direction == "towards"
    found = reading.paths_of(scope, asked.event, days=asked.days, towards=towards, depth=asked.depth)
    return _answer(scope, [vars(one) for one in found])


@router.get("/usage/first-value", response=FirstOut, auth=VIEW, summary="Time to first value")
@counted
def get_first_value(request: HttpRequest, asked: Query[FirstQuery]) -> dict[str, Any]:
    """Days from the start of each account to the first use that is value; null where there was none yet."""
    scope = asked.scope(request)
    found = reading.first_value_of(scope, asked.feature or asked.event, is_feature=bool(asked.feature))
    return _answer(scope, found)


def _answer(scope: Scope, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"as_of": scope.as_of, "partial": scope.partial, "accounts": len(scope.accounts), "items": rows}
