"""What explains a score, over the API: history, waterfall, attribution, rows, ways into a band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.cockpit.day import Due
from keepwell.apps.customer360.day import day_of
from keepwell.apps.customer360.explained import current_state, explained
from keepwell.apps.customer360.panels.reach import scheme_of
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import account_for
from keepwell.apps.health.place import lake, opened
from keepwell.apps.health.rescoring import state_for
from keepwell.apps.health.states import run_at, scored_dates, state_at
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.schemas import Day, plain
from keepwell.engine.binding import bind
from keepwell.engine.explain.attribution import attribute
from keepwell.engine.explain.explanation import Explanation
from keepwell.engine.explain.reaching import reach
from keepwell.engine.explain.rows import RowsBehind, rows_behind
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import row_of
from keepwell.engine.moments import Moment
from keepwell.errors import RequestRefused
from keepwell.lake.history import read_scores

router = Router(tags=["Explanations"])
Name = Annotated[str, Query(max_length=100)]
_HISTORY = ("entity_kind", "as_of", "known_at", "final_score", "label", "scorecard", "version", "overrides", "run")


class PointOut(Schema):
    as_of: date
    score: float | None
    label: str | None
    scorecard: str | None
    version: str | None
    overrides: list[str]
    run: str


class HistoryQuery(Schema):
    basis: Literal["as_shown", "restated"] = Field("as_shown", description="As it was shown then, or as it is said now")
    since: Day | None = None
    until: Day | None = None


class StepOut(Schema):
    kind: str
    name: str
    title: str
    before: float
    after: float
    change: float


class ExplanationOut(Schema):
    """Everything behind one score; over all measures contributions sum to `computed`, over all steps to `final`."""

    account_id: str
    as_of: date
    scorecard: str | None
    title: str | None
    version: str | None
    assignment: str
    computed: float | None
    final: float | None
    label: str
    shown: str | None
    coverage: float | None
    reason: str | None
    groups: list[dict[str, Any]]
    overrides: list[dict[str, Any]]
    by_hand: list[dict[str, Any]]
    waterfall: list[StepOut]
    gains: list[dict[str, Any]]
    gains_note: str | None


class PartOut(Schema):
    kind: str
    change: float
    words: str
    measure: str | None
    details: list[PartOut]


class AttributionQuery(Schema):
    old: Day | None = Field(None, alias="from", description="A date that was scored; a week before `to` unless given")
    new: Day | None = Field(None, alias="to", description="A date that was scored; the newest unless given")


class AttributionOut(Schema):
    """Why a score changed: parts in points that sum to `change`."""

    old_as_of: date
    new_as_of: date
    old_scorecard: str | None
    new_scorecard: str | None
    old_final: float | None
    new_final: float | None
    old_label: str
    new_label: str
    change: float | None
    reason: str | None
    notes: list[str]
    parts: list[PartOut]


class RowsOut(Schema):
    """The rows that a metric was made from: at most fifty of `total`, and those of the metrics it is made of."""

    metric: str
    definition: str
    total: int
    note: str | None
    columns: list[str]
    rows: list[list[Any]]
    inputs: list[RowsOut]


class WayOut(Schema):
    final: float
    label: str
    cost: float
    changes: list[dict[str, Any]]


class ReachOut(Schema):
    label: str
    now: float | None
    reached: bool
    reason: str | None
    ways: list[WayOut]


class AttentionOut(Schema):
    account_id: str
    name: str
    reasons: list[str]
    at_stake: float


class DueOut(Schema):
    """A call, or a task of one, that is yours to do."""

    call_id: int
    task_id: int | None
    title: str
    account_id: str
    due_on: date | None
    is_late: bool
    reasons: list[str]


class DayOut(Schema):
    """What needs attention now: work that is due and accounts to look at, with reasons and in their order; ids of
    accounts that fell, rose or renew soon."""

    as_of: date | None
    whose: str
    total: int
    due: list[DueOut]
    attention: list[AttentionOut]
    falling: list[str]
    rising: list[str]
    renewals: list[str]


@router.get("/accounts/{account_id}/history", response=list[PointOut], auth=VIEW, summary="Scores over time")
def list_history(request: HttpRequest, account_id: str, asked: Query[HistoryQuery]) -> list[dict[str, Any]]:
    """Every date that was scored, the oldest first, from the history in the lake."""
    account = account_for(actor_of(request), account_id)
    table = read_scores(
        lake(), basis=asked.basis, since=asked.since, until=asked.until, accounts=[account.pk], columns=_HISTORY
    )
    rows = [row for row in table.to_pylist() if row["entity_kind"] == "account"]
    return [{**row, "score": row["final_score"], "overrides": row["overrides"] or []} for row in rows]


@router.get("/accounts/{account_id}/explanation", response=ExplanationOut, auth=VIEW, summary="Explain a score")
def get_explanation(request: HttpRequest, account_id: str) -> dict[str, Any]:
    """The waterfall, each measure with value, sources and weight, and what would help most."""
    found = explained(account_for(actor_of(request), account_id))
    if found is None:
        raise NotVisible
    return _explanation(found[1])


@router.get("/accounts/{account_id}/attribution", response=AttributionOut, auth=VIEW, summary="Why a score changed")
def get_attribution(request: HttpRequest, account_id: str, asked: Query[AttributionQuery]) -> dict[str, Any]:
    """Between any two dates that were scored."""
    account = account_for(actor_of(request), account_id)
    new, old = _dates(asked)
    before, after = _state(old), _state(new)
    if not any(row_of(state, "account", account.pk) is not None for state in (before, after)):
        raise NotVisible
    found: dict[str, Any] = asdict(attribute(before, after, account.pk))
    return found


@router.get("/accounts/{account_id}/metrics/{metric}/rows", response=RowsOut, auth=VIEW, summary="Rows behind a metric")
def get_rows(request: HttpRequest, account_id: str, metric: str) -> dict[str, Any]:
    """Read again from the facts, as they were known to the score."""
    account = account_for(actor_of(request), account_id)
    state = current_state(account)
    if state is None or metric not in state.project.metrics:
        raise NotVisible
    moment = Moment(state.values.as_of, state.values.known_at)
    with opened(state.project) as data:
        bind(state.project, data)
        return _rows(rows_behind(state.project, data, metric, account.pk, moment, limit=50, state=state))


@router.get("/accounts/{account_id}/ways", response=ReachOut, auth=VIEW, summary="What would reach a band")
def get_ways(request: HttpRequest, account_id: str, band: Name = "") -> dict[str, Any]:
    """The cheapest changes, each checked by scoring with them; the best band unless another is named."""
    account = account_for(actor_of(request), account_id)
    state = _current(account)
    scheme = scheme_of(state, account)
    labels = scheme.labels if scheme else ()
    if not labels or (band and band not in labels):
        raise RequestRefused(f"there is no band '{band}'; bands of this account are: {', '.join(labels) or 'none'}")
    found: dict[str, Any] = asdict(reach(state, account.pk, band or labels[-1]))
    return found


@router.get("/me/day", response=DayOut, auth=VIEW, summary="What needs your attention")
def get_day(request: HttpRequest) -> dict[str, Any]:
    """Of the accounts that you own, or see."""
    day = day_of(actor_of(request))
    attention = [
        {"account_id": one.account.pk, "name": one.account.name, "reasons": list(one.reasons), "at_stake": one.at_stake}
        for one in day.attention
    ]
    lists = {name: [one.pk for one in getattr(day, name)] for name in ("falling", "rising", "renewals")}
    told = {"as_of": day.as_of, "whose": day.whose, "total": day.total, "attention": attention, **lists}
    return {**told, "due": [_due(one) for one in day.due]}


def _due(one: Due) -> dict[str, Any]:
    return {
        "call_id": one.call.pk, "task_id": one.task.pk if one.task else None, "title": one.title,
        "account_id": one.account.pk, "due_on": one.due_on, "is_late": one.is_late, "reasons": list(one.reasons),
    }  # fmt: skip


def _current(account: Account) -> State:
    state = current_state(account) and state_for(account.pk)
    if state is None:
        raise NotVisible
    return state


def _dates(asked: AttributionQuery) -> tuple[date, date]:
    days = scored_dates()
    if not days:
        raise RequestRefused("nothing was scored yet")
    for day in (asked.old, asked.new):
        if day is not None and day not in days:
            near = min(days, key=lambda one: abs((one - day).days))
            raise RequestRefused(f"{day} was not scored; the nearest date that was is {near}")
    new = asked.new or days[0]
    earlier = [day for day in days if day < new]
    week = [day for day in earlier if (new - day).days >= 7]
    return new, asked.old or (week or earlier or [new])[0]


def _state(day: date) -> State:
    run = run_at(day)
    assert run is not None, "the date was scored"
    return state_at(run)


def _explanation(why: Explanation) -> dict[str, Any]:
    found = _plain(asdict(why))
    assert isinstance(found, dict)
    return found


def _rows(found: RowsBehind) -> dict[str, Any]:
    table = found.table
    rows = [] if table is None else [[plain(row[name]) for name in found.columns] for row in table.to_pylist()]
    return {
        "metric": found.metric, "definition": found.definition, "total": found.total, "note": found.note,
        "columns": list(found.columns), "rows": rows, "inputs": [_rows(one) for one in found.inputs],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Dataclasses as dictionaries hold tuples, dates and decimals; JSON has none of them."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, date) else plain(value)
