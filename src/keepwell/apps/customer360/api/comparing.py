"""Where an account stands with each measure among all accounts and among those of a segment."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.customer360.panels.benchmark import Benchmark, benchmarks_of
from keepwell.apps.customers.queries import account_for
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.errors import RequestRefused

router = Router(tags=["Explanations"])
Segment = Annotated[str, Query(max_length=100, description="One that the account is in; the first unless given")]


class StandingOut(Schema):
    """Among so many accounts with a value: how many percent stand below it, and the middle one."""

    percentile: float
    median: float
    accounts: int


class BinOut(Schema):
    """Accounts of the portfolio from `low` up to `high`; `mine`: this account is one of them."""

    low: float
    high: float
    count: int
    mine: bool


class BenchmarkOut(Schema):
    """`of`: what is compared: the metric's value, or the measure's score where the metric is no number."""

    measure: str
    title: str
    of: str
    own: float | None
    portfolio: StandingOut | None
    segment: StandingOut | None
    distribution: list[BinOut]


class BenchmarksOut(Schema):
    """`segment`: the one that is compared with; empty where the account is in none."""

    account_id: str
    segment: str
    measures: list[BenchmarkOut]


@router.get(
    "/accounts/{account_id}/benchmark", response=BenchmarksOut, auth=VIEW, summary="Each measure beside other accounts"
)
def get_benchmark(request: HttpRequest, account_id: str, segment: Segment = "") -> dict[str, Any]:
    """Percentile and median of each measure in the portfolio and in a segment, and how values are spread."""
    account = account_for(actor_of(request), account_id)
    if segment and segment not in account.segments:
        listed = ", ".join(account.segments) or "none"
        raise RequestRefused(f"the account is not in the segment '{segment}'; its segments are: {listed}")
    found = benchmarks_of(account, segment)
    if found is None:
        raise NotVisible
    return {"account_id": account.pk, "segment": found[0], "measures": [_benchmark(one) for one in found[1]]}


def _benchmark(one: Benchmark) -> dict[str, Any]:
    measure = one.measure
    return {
        "measure": measure.name, "title": measure.title or measure.name, "of": one.of, "own": one.own,
        "portfolio": one.portfolio, "segment": one.segment, "distribution": one.bins,
    }  # fmt: skip
