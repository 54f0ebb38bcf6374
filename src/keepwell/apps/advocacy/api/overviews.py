"""Kinds, figures, candidates, the search and the trend over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from keepwell.apps.access.actors import Actor
from keepwell.apps.advocacy.api.advocates import StandingOut
from keepwell.apps.advocacy.finding.candidates import candidates
from keepwell.apps.advocacy.finding.search import USUAL, Match, find
from keepwell.apps.advocacy.finding.words import understood
from keepwell.apps.advocacy.kinds import kinds
from keepwell.apps.advocacy.overview import figures, influenced_deals, quarters
from keepwell.apps.advocacy.trend import trend
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.errors import FieldRefused

router = Router(tags=["Advocacy"])
Words = Annotated[str, Query(max_length=500, description="Whom you look for, in words")]
Where = Annotated[str, Query(max_length=2000, description="An expression over accounts and people")]


class KindOut(Schema):
    name: str
    title: str
    points: float
    half_life_days: int | None
    zero_after_days: int | None
    fields: list[str]
    asked_for: bool


class QuarterOut(Schema):
    name: str
    deals: int
    open: float
    won: float
    lost: float


class DealOut(Schema):
    name: str
    amount: float
    result: str
    first: date
    decided_on: date | None
    activities: int
    account_ids: list[str]

    @staticmethod
    def resolve_account_ids(deal: Any) -> list[str]:
        return [one.pk for one in deal.accounts]


class FiguresOut(Schema):
    """`year`: the last 365 days, `before`: the year before."""

    advocates: int
    resting: int
    waiting: int
    year: StandingOut
    before: StandingOut
    quarters: list[QuarterOut]
    deals: list[DealOut]


class CandidateOut(Schema):
    account_id: str
    person: str
    name: str
    reasons: list[str]

    @staticmethod
    def resolve_account_id(one: Any) -> str:
        return str(one.account.pk)

    @staticmethod
    def resolve_person(one: Any) -> str:
        return str(one.person_key)


class CandidatesOut(Schema):
    """What a rule finds; `refused`: why it could not be asked."""

    name: str
    title: str
    count: int
    refused: str
    rows: list[CandidateOut]


class MatchOut(Schema):
    """`against`: what stands against asking them; `points` of 100 say whom to ask first."""

    account_id: str
    person: str
    name: str
    advocate: int | None
    points: float
    reasons: list[str]
    fits: list[str]
    against: list[str]


class FoundOut(Schema):
    """`condition`: what was asked; `left`: words that name nothing."""

    condition: str
    kind: str
    left: list[str]
    count: int
    looked_at: int
    rows: list[MatchOut]


class EstimateOut(Schema):
    value: float
    low: float
    high: float


class ComparedOut(Schema):
    """Shares of accounts, and their difference as it looks and among accounts that were alike before."""

    name: str
    with_advocacy: float | None
    without: float | None
    raw: EstimateOut | None
    adjusted: EstimateOut | None

    @staticmethod
    def resolve_with_advocacy(one: Any) -> float | None:
        return one.with_advocacy.value

    @staticmethod
    def resolve_without(one: Any) -> float | None:
        return one.without.value


class TrendOut(Schema):
    horizon: int
    day: date | None
    before: date | None
    refused: str
    sentences: list[str]
    compared: list[ComparedOut]
    health: EstimateOut | None
    health_adjusted: EstimateOut | None

    @staticmethod
    def resolve_compared(one: Any) -> list[Any]:
        return list(one.comparison.compared) if one.comparison else []

    @staticmethod
    def resolve_health(one: Any) -> Any:
        return one.comparison.health if one.comparison else None

    @staticmethod
    def resolve_health_adjusted(one: Any) -> Any:
        return one.comparison.health_adjusted if one.comparison else None


@router.get("/advocacy/kinds", response=list[KindOut], auth=VIEW, summary="List kinds of activity")
def list_advocacy_kinds(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that can be logged, by the definitions in force."""
    return [
        {"name": one.name, "title": one.title, "points": one.about.points, "half_life_days": one.about.half_life,
         "zero_after_days": one.about.zero_after, "fields": list(one.about.fields), "asked_for": one.about.asked_for}
        for one in kinds()
    ]  # fmt: skip


@router.get("/advocacy", response=FiguresOut, auth=VIEW, summary="Get the figures of advocacy")
def get_advocacy(request: HttpRequest) -> dict[str, Any]:
    """Of the accounts that you see; each deal counts once."""
    actor: Actor = actor_of(request)
    return {**vars(figures(actor)), "quarters": quarters(actor), "deals": influenced_deals(actor)[:200]}


@router.get("/advocacy/candidates", response=list[CandidatesOut], auth=VIEW, summary="List candidates")
def list_advocacy_candidates(request: HttpRequest, account: str = "") -> list[Any]:
    """Who might become an advocate, by each rule, with the reasons."""
    return list(candidates(actor_of(request), account or None))


@router.get("/advocacy/find", response=FoundOut, auth=VIEW, summary="Find somebody")
def get_advocacy_matches(
    request: HttpRequest, kind: str, words: Words = "", where: Where = "", everyone: bool = False
) -> dict[str, Any]:
    """Words become a condition; `where` takes its place. Best first, with reasons."""
    actor: Actor = actor_of(request)
    heard = understood(actor, words) if words.strip() and not where else None
    condition = where or " and ".join(part for part in (heard.condition if heard else "", USUAL) if part)
    found = find(actor=actor, kind=kind, condition=condition, everyone=everyone, day=heard.day if heard else None)
    if found.refused:
        raise FieldRefused("where", found.refused)
    return {
        "condition": condition, "kind": kind, "left": list(heard.left) if heard else [], "count": found.count,
        "looked_at": found.looked_at, "rows": [_match(one) for one in found.rows],
    }  # fmt: skip


def _match(one: Match) -> dict[str, Any]:
    return {
        "account_id": one.account.pk, "person": one.person_key, "name": one.name, "advocate": one.advocate_id,
        "points": one.rank.points, "reasons": list(one.rank.reasons), "fits": list(one.fits),
        "against": list(one.rank.against),
    }  # fmt: skip


@router.get("/advocacy/trend", response=TrendOut, auth=VIEW, summary="Compare advocacy with what became of accounts")
def get_advocacy_trend(request: HttpRequest, after: Literal[90, 180, 365] = 180) -> Any:
    """Raw and adjusted. Happy customers advocate more: read the adjusted figures as a hint, not as an effect."""
    return trend(actor_of(request), after)
