"""The whole portfolio over the API: heatmap, movers of the week, renewals by month."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.apps.customers.api.schemas import AccountQuery
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.filters import read_filters
from keepwell.apps.customers.listing import narrowed
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import today_of
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.portfolio.heat import heatmap_of
from keepwell.apps.portfolio.moving import Mover, movers_of
from keepwell.apps.portfolio.renewing import MOST, months_of, renewals_of
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.schemas import Day
from keepwell.errors import FieldRefused, RequestRefused

router = Router(tags=["Portfolio"])
Month = Annotated[Day | None, Query(description="A day of the month; this one unless given", examples=["2026-06-01"])]


class HeatQuery(AccountQuery):
    """The filters of the list of accounts, and the card."""

    card: str = Field("", max_length=100, description="A scorecard; the first unless given")
    cursor: str = Field("", max_length=1000, description="`next` of the page before; empty for the first page")
    limit: int = Field(40, ge=1, le=200, description="How many at most")


class MeasureHead(Schema):
    group: str
    title: str


class HeatOut(Schema):
    """`text`: the score as it is shown: a dash without one, in parentheses where something stands in for it."""

    text: str
    label: str
    tone: str


class HeatRow(Schema):
    """`heat`: one for each of `measures`, empty where the run did not score the account on this card."""

    account_id: str
    name: str
    score: float | None
    label: str | None
    heat: list[HeatOut]


class HeatmapOut(Schema):
    """`next` is the cursor of the page after this one, null on the last."""

    as_of: date | None
    card: str
    cards: list[str]
    measures: list[MeasureHead]
    items: list[HeatRow]
    next: str | None = None


class MoverOut(Schema):
    account_id: str
    name: str
    score: float | None
    label: str
    change: float
    why: str


class MoversOut(Schema):
    as_of: date | None
    fallen: list[MoverOut]
    risen: list[MoverOut]


class BandTotal(Schema):
    tone: str
    label: str
    accounts: int
    arr: float


class MonthOut(Schema):
    """`bands`: the worst first. `at_risk`: of `arr`, by the chances of loss in force; null without any."""

    first: date
    accounts: int
    arr: float
    at_risk: float | None
    bands: list[BandTotal]


class RenewalOut(Schema):
    account_id: str
    name: str
    renews_on: date
    arr: float | None
    score: float | None
    label: str | None


class RenewalsOut(Schema):
    """`months`: a year from now on; `items`: the accounts of one month, `more`: beyond those there are others."""

    month: date
    months: list[MonthOut]
    items: list[RenewalOut]
    more: bool


@router.get("/portfolio/heatmap", response=HeatmapOut, auth=VIEW, summary="Accounts by measures")
def get_heatmap(request: HttpRequest, asked: Query[HeatQuery]) -> dict[str, Any]:
    """Of one scorecard, worst accounts first, a page at a time."""
    columns, run = current_columns(), latest_run()
    query = request.GET.copy()
    query["sort"] = "score"
    found = narrowed(actor_of(request), read_filters(query), columns, today_of(columns))
    for field, message in found.filters.errors.items():
        raise FieldRefused(f"query.{field}", message)
    if run is None or columns is None:
        return {"as_of": None, "card": "", "cards": [], "measures": [], "items": []}
    if asked.card and asked.card not in columns.edges:
        raise RequestRefused(f"there is no scorecard '{asked.card}'; there are: {', '.join(columns.edges)}")
    shown = heatmap_of(found, columns, state_of(run), asked.card, asked.limit, asked.cursor)
    return {
        "as_of": run.as_of, "card": shown.card, "cards": shown.cards, "next": shown.page.after or None,
        "measures": [{"group": group, "title": title} for group, title in shown.measures],
        "items": [
            {"account_id": row["id"], "name": row["name"], "score": row["health__score"],
             "label": row["health__label"], "heat": shown.heat.get(row["id"], [])}
            for row in shown.page.rows
        ],
    }  # fmt: skip


@router.get("/portfolio/movers", response=MoversOut, auth=VIEW, summary="Movers of the week")
def get_movers(request: HttpRequest) -> dict[str, Any]:
    """Who fell and who rose, the farthest first, with the largest parts of the change."""
    found = movers_of(actor_of(request))
    return {"as_of": found.as_of, "fallen": list(map(_mover, found.fallen)), "risen": list(map(_mover, found.risen))}


@router.get("/portfolio/renewals", response=RenewalsOut, auth=VIEW, summary="Renewals by month")
def get_renewals(request: HttpRequest, month: Month = None) -> dict[str, Any]:
    """Totals of a year by month and band, and the accounts of one month, day by day."""
    actor = actor_of(request)
    months = months_of(actor, today_of(current_columns()))
    first = month.replace(day=1) if month else months[0].first
    rows = renewals_of(actor, first)
    return {
        "month": first, "more": len(rows) > MOST, "items": [_renewal(one) for one in rows[:MOST]],
        "months": [
            {"first": one.first, "accounts": one.accounts, "arr": one.arr,
             "at_risk": one.at_risk,
             "bands": [dict(zip(("tone", "label", "accounts", "arr"), band, strict=True)) for band in one.bands]}
            for one in months
        ],
    }  # fmt: skip


def _mover(one: Mover) -> dict[str, Any]:
    health = one.account.health
    return {"account_id": one.account.pk, "name": one.account.name, "score": health.score, "label": health.label,
            "change": health.change, "why": one.why}  # fmt: skip


def _renewal(one: Account) -> dict[str, Any]:
    health = getattr(one, "health", None)
    return {"account_id": one.pk, "name": one.name, "renews_on": one.renews_on, "arr": one.arr,
            "score": health.score if health else None, "label": health.label if health else None}  # fmt: skip
