"""What a draft would do to the portfolio, and whether its scores would have told who left."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.queries import draft as draft_for
from keepwell.apps.rest.authentication import CONFIGURE, actor_of
from keepwell.apps.rest.schemas import Id
from keepwell.apps.scorecards.api.definitions import BandOut, IssueOut
from keepwell.apps.scorecards.effects import Effect
from keepwell.apps.scorecards.models import Built
from keepwell.apps.scorecards.operations import ask_for_backtest, ask_for_past, ask_for_values
from keepwell.apps.scorecards.previewing import Judged, Previewed, backtested, previewed
from keepwell.apps.scorecards.whatif import WhatIf, what_if

router = Router(tags=["Definitions"])


class BuiltOut(Schema):
    """What a worker makes: `status` is waiting, running, done or failed; `error` says why it failed."""

    status: str
    asked_by: str
    step: str
    done: int
    total: int
    error: str


class MoverOut(Schema):
    account_id: str
    name: str
    old_final: float | None
    new_final: float | None
    old_label: str
    new_label: str
    reason: str


class BarOut(Schema):
    """Accounts with a score from `low` up to `high`, before and after."""

    low: int
    high: int
    before: int
    after: int


class EffectOut(Schema):
    """Counts of everybody; `movers`: the farthest among the accounts that you see."""

    accounts: int
    moved: int
    up: int
    down: int
    other: int
    bands: list[BandOut]
    distribution: list[BarOut]
    movers: list[MoverOut]


class PreviewOut(Schema):
    """`state` ready: there is an `effect`. invalid: `issues` have to be mended. refused: `detail` says why. missing:
    values in `detail` were never computed; ask for them, `built` says how far that is. unscored: there was no run."""

    state: Literal["ready", "invalid", "refused", "missing", "unscored"]
    as_of: date | None
    issues: list[IssueOut]
    detail: str
    effect: EffectOut | None
    built: BuiltOut | None


class FigureOut(Schema):
    """`low`, `high`: where the difference lies, 19 times in 20; null with a `reason` where it cannot be told."""

    title: str
    before: float | None
    after: float | None
    low: float | None
    high: float | None
    reason: str | None


class FiguresOut(Schema):
    observations: int
    lost: int
    lead_days: int
    rows: list[FigureOut]
    notes: list[str]


class BacktestOut(Schema):
    """`why`: why there can be no figures. `figures`: once `built` is done."""

    issues: list[IssueOut]
    why: str
    built: BuiltOut | None
    figures: FiguresOut | None


class WhatIfFigure(Schema):
    """Of the draft, beside what is in force; an interval where one is known at once."""

    name: str
    title: str
    before: float | None
    after: float | None
    low: float | None
    high: float | None
    reason: str


class WhatIfOut(Schema):
    """`why`: why there can be no figures. `missing`: values of the past have to be kept first; ask for them, `built`
    says how far that is. `notes`: what the figures left out for want of history, and what they trust."""

    why: str
    missing: bool
    built: BuiltOut | None
    observations: int
    lost: int
    figures: list[WhatIfFigure]
    notes: list[str]


@router.get("/drafts/{int:draft_id}/what-if", response=WhatIfOut, auth=CONFIGURE, summary="Figures of a draft, at once")
def get_draft_what_if(request: HttpRequest, draft_id: Id) -> dict[str, Any]:
    """Would the draft have told who left? From values of the past that are kept, without intervals of differences."""
    return _what_if(what_if(_draft(actor_of(request), draft_id)))


@router.post(
    "/drafts/{int:draft_id}/what-if", response={202: WhatIfOut}, auth=CONFIGURE, summary="Keep values of the past"
)
def post_draft_what_if(request: HttpRequest, draft_id: Id) -> Status[dict[str, Any]]:
    """Asks a worker to keep what the figures rest on; asking twice asks once."""
    actor = actor_of(request)
    draft = _draft(actor, draft_id)
    ask_for_past(actor=actor, draft=draft)
    return Status(202, _what_if(what_if(draft)))


@router.get("/drafts/{int:draft_id}/effect", response=PreviewOut, auth=CONFIGURE, summary="What a draft would do")
def get_draft_effect(request: HttpRequest, draft_id: Id) -> dict[str, Any]:
    """Bands and scores before and after over the portfolio of the last run, and who moves; nothing is changed."""
    actor = actor_of(request)
    return _preview(previewed(actor, _draft(actor, draft_id)))


@router.post(
    "/drafts/{int:draft_id}/values", response={202: PreviewOut}, auth=CONFIGURE, summary="Build what a preview needs"
)
def post_draft_values(request: HttpRequest, draft_id: Id) -> Status[dict[str, Any]]:
    """Asks a worker for values of metrics that the last run did not compute; asking twice asks once."""
    actor = actor_of(request)
    draft = _draft(actor, draft_id)
    ask_for_values(actor=actor, draft=draft)
    return Status(202, _preview(previewed(actor, draft)))


@router.get("/drafts/{int:draft_id}/backtest", response=BacktestOut, auth=CONFIGURE, summary="Figures of a draft")
def get_draft_backtest(request: HttpRequest, draft_id: Id) -> dict[str, Any]:
    """The draft against what is in force on two years of history, where that was asked for."""
    return _judged(backtested(_draft(actor_of(request), draft_id)))


@router.post("/drafts/{int:draft_id}/backtest", response={202: BacktestOut}, auth=CONFIGURE, summary="Backtest a draft")
def post_draft_backtest(request: HttpRequest, draft_id: Id) -> Status[dict[str, Any]]:
    """Asks a worker for the figures; asking twice asks once."""
    actor = actor_of(request)
    draft = _draft(actor, draft_id)
    ask_for_backtest(actor=actor, draft=draft)
    return Status(202, _judged(backtested(draft)))


def _draft(actor: Actor, draft_id: int) -> Draft:
    require(actor, Permission.CONFIGURE)
    return draft_for(draft_id)


def _what_if(found: WhatIf) -> dict[str, Any]:
    figures = [
        {"name": row.name, "title": row.title, "before": row.before.value if row.before else None,
         "after": row.after.value, "low": row.after.low, "high": row.after.high, "reason": row.after.reason}
        for row in found.rows
    ]  # fmt: skip
    return {"why": found.why, "missing": bool(found.key), "built": found.built, "observations": found.observations,
            "lost": found.lost, "figures": figures, "notes": found.notes}  # fmt: skip


def _preview(found: Previewed) -> dict[str, Any]:
    return {
        "state": _state(found), "as_of": found.run.as_of if found.run else None, "issues": found.issues,
        "detail": "; ".join(found.missing.why) if found.missing else found.refusal,
        "effect": found.effect and _effect(found.effect), "built": found.built,
    }  # fmt: skip


def _state(found: Previewed) -> str:
    if found.issues:
        return "invalid"
    if found.run is None:
        return "unscored"
    return "missing" if found.missing else "ready" if found.effect else "refused"


def _effect(effect: Effect) -> dict[str, Any]:
    counts = {name: getattr(effect.comparison, name) for name in ("up", "down", "other")}
    names = MoverOut.model_fields
    movers = [{**{name: getattr(one.mover, name, "") for name in names}, "name": one.name} for one in effect.movers]
    return {"accounts": effect.accounts, "moved": effect.moved, **counts, "bands": effect.bands,
            "distribution": effect.bars, "movers": movers}  # fmt: skip


def _judged(found: Judged) -> dict[str, Any]:
    return {"issues": found.issues, "why": found.why, "built": found.built, "figures": _figures(found.built)}


def _figures(built: Built | None) -> dict[str, Any] | None:
    return built.result if built is not None and built.result else None
