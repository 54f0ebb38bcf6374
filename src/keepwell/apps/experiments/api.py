"""Experiments over the API: ask for one, follow it, read every figure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.experiments import queries
from keepwell.apps.experiments.asking import LEAD_DAYS, LONGEST, Wanted
from keepwell.apps.experiments.behind import behind
from keepwell.apps.experiments.correlations.asking import ask_for_correlation
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.operations import ask_for_backtest, ask_for_proposal, cancel
from keepwell.apps.experiments.proposals.asking import LEAD_DAYS as PROPOSAL_LEAD_DAYS
from keepwell.apps.experiments.proposals.asking import WantedProposal
from keepwell.apps.experiments.proposals.drafting import take_as_draft
from keepwell.apps.experiments.subjects import outdated
from keepwell.apps.rest.authentication import CONFIGURE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Day, Id, Sent

router = Router(tags=["Experiments"])
_Reference = Field(max_length=40, examples=["version:7", "draft:3"])


class BacktestIn(Sent):
    """`horizon_days`: everybody on a grid of dates instead of before each decision. `trusted`: attributes and datasets
    without history that were then as they are now; `all` for every one."""

    of: str = _Reference
    first: Day
    last: Day
    lead_days: int = Field(LEAD_DAYS, ge=0, le=LONGEST)
    card: str = Field("", max_length=100)
    versus: str = Field("", max_length=40)
    segment: str = Field("", max_length=100)
    every_days: int | None = Field(None, ge=1, le=LONGEST)
    horizon_days: int | None = Field(None, ge=1, le=LONGEST)
    trusted: list[str] = Field([], max_length=100)


class ProposalIn(Sent):
    """`limits`: what the proposal may do, as `limits.yaml` of `keepwell optimize` holds them."""

    of: str = _Reference
    card: str = Field(max_length=100)
    as_of: Day
    lead_days: int = Field(PROPOSAL_LEAD_DAYS, ge=0, le=LONGEST)
    horizon_days: int | None = Field(None, ge=1, le=LONGEST)
    limits: dict[str, Any] = Field({}, examples=[{"most_measures": 6, "additions": False}])
    seed: int = Field(0, ge=0, le=2**31 - 1)


class CorrelationIn(Sent):
    """`limits`: what may be looked at: `trust` and `features`, as `limits.yaml` of `keepwell optimize` holds them."""

    of: str = _Reference
    card: str = Field(max_length=100)
    as_of: Day
    lead_days: int = Field(PROPOSAL_LEAD_DAYS, ge=0, le=LONGEST)
    horizon_days: int | None = Field(None, ge=1, le=LONGEST)
    limits: dict[str, Any] = Field({}, examples=[{"features": {"dataset": "usage", "column": "feature"}}])


class DraftOut(Schema):
    """The draft of a proposal: `/configure/drafts/{id}/` shows it."""

    id: int
    name: str
    revision: int


class SubjectOut(Schema):
    """Definitions as they were when it was asked; `digest` names their content."""

    reference: str
    name: str
    revision: int | None
    digest: str


class ExperimentOut(Schema):
    id: int
    kind: str
    of: SubjectOut
    versus: SubjectOut | None
    parameters: dict[str, Any]
    status: str
    step: str
    done: int
    total: int
    attempts: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    error: str
    cancelled_by: str
    outdated: str


class ExperimentWithResult(ExperimentOut):
    """`result`: of a backtest what `keepwell backtest --out` writes; null until it is done."""

    result: dict[str, Any] | None


@router.get("/experiments", response=Page[ExperimentOut], auth=CONFIGURE, summary="What was asked of the past")
def list_experiments(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """The newest first, without results."""
    found = page(
        queries.experiments(actor_of(request)).defer("files", "versus_files", "result"), ("-pk",), cursor, limit
    )
    return {**found, "items": [as_out(one) for one in found["items"]]}


@router.post("/experiments/backtests", response={202: ExperimentOut}, auth=CONFIGURE, summary="Start a backtest")
def post_backtest(request: HttpRequest, sent: BacktestIn) -> Status[dict[str, Any]]:
    """A worker carries it out. Whoever asks the same while it runs gets the same experiment."""
    said = sent.dict()
    wanted = Wanted(**{**said, "trusted": tuple(said["trusted"])})
    return Status(202, as_out(ask_for_backtest(actor=actor_of(request), wanted=wanted)))


@router.post("/experiments/proposals", response={202: ExperimentOut}, auth=CONFIGURE, summary="Ask for a proposal")
def post_proposal(request: HttpRequest, sent: ProposalIn) -> Status[dict[str, Any]]:
    """A draft of one card, learned from outcomes within limits. Nothing changes until somebody publishes it."""
    wanted = WantedProposal(**sent.dict())
    return Status(202, as_out(ask_for_proposal(actor=actor_of(request), wanted=wanted)))


@router.post(
    "/experiments/correlations", response={202: ExperimentOut}, auth=CONFIGURE, summary="What goes with leaving"
)
def post_correlation(request: HttpRequest, sent: CorrelationIn) -> Status[dict[str, Any]]:
    """Metrics, measures and features against who left. None of it says by itself what makes customers stay."""
    wanted = WantedProposal(**sent.dict())
    return Status(202, as_out(ask_for_correlation(actor=actor_of(request), wanted=wanted)))


@router.post("/experiments/{int:experiment_id}/draft", response=DraftOut, auth=CONFIGURE, summary="Take a proposal")
def post_proposal_draft(request: HttpRequest, experiment_id: Id) -> dict[str, Any]:
    """The draft of a proposal that is done; made once."""
    actor = actor_of(request)
    draft = take_as_draft(actor=actor, experiment=queries.experiment(actor, experiment_id))
    return {"id": draft.pk, "name": draft.name, "revision": draft.revision}


@router.get(
    "/experiments/{int:experiment_id}", response=ExperimentWithResult, auth=CONFIGURE, summary="One with its figures"
)
def get_experiment(request: HttpRequest, experiment_id: Id) -> dict[str, Any]:
    """Every figure with its interval and what it rests on. Accounts are named where the caller sees them."""
    actor = actor_of(request)
    one = queries.experiment(actor, experiment_id)
    return {**as_out(one), "result": queries.found_for(actor, one) or None}


class CellAccount(Schema):
    """An account as it was seen: `score` and `label` are those of that date."""

    account: str
    name: str
    as_of: date
    decided_on: date | None
    lost: bool
    amount: float | None
    score: float | None
    label: str | None


class CellOut(Schema):
    """The newest observation of each account that you see, the lowest score first; counts are of everybody. `is_gone`:
    what is behind figures is kept for 90 days; ask the same again."""

    title: str
    observations: int
    accounts: int
    is_gone: bool
    items: list[CellAccount]


@router.get("/experiments/{int:experiment_id}/accounts", response=CellOut, auth=CONFIGURE, summary="Behind a cell")
def get_experiment_accounts(
    request: HttpRequest, experiment_id: Id, cell: Annotated[str, Field(max_length=300)] = ""
) -> dict[str, Any]:
    """The accounts behind a cell of a backtest, such as `band:traffic_light:red`, `segment:large`, `period:2025`,
    `tenth:0`, `early:90:worst`."""
    actor = actor_of(request)
    found = behind(actor, queries.experiment(actor, experiment_id), cell)
    return {"title": found.title, "observations": found.observations, "accounts": found.accounts,
            "is_gone": found.is_gone, "items": found.rows}  # fmt: skip


@router.post(
    "/experiments/{int:experiment_id}/cancel", response=ExperimentOut, auth=CONFIGURE, summary="Cancel one that runs"
)
def post_experiment_cancel(request: HttpRequest, experiment_id: Id) -> dict[str, Any]:
    """One that has ended stays as it is; `status` tells."""
    actor = actor_of(request)
    cancel(actor=actor, experiment=queries.experiment(actor, experiment_id))
    return as_out(queries.experiment(actor, experiment_id))


def as_out(one: Experiment) -> dict[str, Any]:
    same = ("id", "kind", "of", "parameters", "status", "step", "done", "total", "attempts", "asked_by", "asked_at",
            "ended_at", "error", "cancelled_by")  # fmt: skip
    return {**{name: getattr(one, name) for name in same}, "versus": one.versus or None, "outdated": outdated(one.of)}
