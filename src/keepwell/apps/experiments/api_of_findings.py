"""Over the API: ask what was done, what chances are, who was right and whether entered scores are too high."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.experiments.api import ExperimentOut, as_out
from keepwell.apps.experiments.asking import LEAD_DAYS, LONGEST, Wanted
from keepwell.apps.experiments.calibration.asking import ask_for_calibration
from keepwell.apps.experiments.effects.asking import AFTER_DAYS, WITHIN_DAYS, WantedEffects, ask_for_effects
from keepwell.apps.experiments.effects.counts import Done, done
from keepwell.apps.experiments.feedback.asking import ask_for_feedback
from keepwell.apps.experiments.feedback.evidence import evidence
from keepwell.apps.experiments.optimism.asking import ask_for_optimism
from keepwell.apps.experiments.optimism.queries import newest_for
from keepwell.apps.rest.authentication import CONFIGURE, VIEW, actor_of
from keepwell.apps.rest.schemas import Day, Sent

router = Router(tags=["Experiments"])


class PastIn(Sent):
    """`horizon_days`: everybody on a grid of dates instead of before each decision. `trusted`: see backtests."""

    of: str = Field(max_length=40, examples=["version:7", "draft:3"])
    first: Day
    last: Day
    lead_days: int = Field(LEAD_DAYS, ge=0, le=LONGEST)
    card: str = Field("", max_length=100)
    every_days: int | None = Field(None, ge=1, le=LONGEST)
    horizon_days: int | None = Field(None, ge=1, le=LONGEST)
    trusted: list[str] = Field([], max_length=100)

    def wanted(self) -> Wanted:
        said = self.dict()
        return Wanted(**{**said, "trusted": tuple(said["trusted"])})


class EffectsIn(Sent):
    """`by`: treatments such as playbook:save_plan; empty: everything that was done, each by itself."""

    of: str = Field(max_length=40, examples=["version:7", "draft:3"])
    first: Day
    last: Day
    by: list[str] = Field([], max_length=100, examples=[["playbook:save_plan"]])
    within_days: int = Field(WITHIN_DAYS, ge=1, le=LONGEST)
    after_days: list[int] = Field(list(AFTER_DAYS), max_length=20)
    every_days: int = Field(7, ge=1, le=LONGEST)
    trusted: list[str] = Field([], max_length=100)


class TreatmentOut(Schema):
    """`by`: rule:NAME, playbook:NAME, call:TYPE, survey:NAME or advocacy:KIND; counts are of accounts."""

    by: str
    treated: int
    held_out: int
    first: date
    last: date


class OptimismOut(Schema):
    """`measures`: points by which entered scores are too high; `people`: those whom the caller may see."""

    measures: list[dict[str, Any]]
    people: list[dict[str, Any]]
    left_out: dict[str, int]
    asked: dict[str, Any]


class EvidenceOut(Schema):
    """`remarks`: the newest ones, of accounts that the caller sees."""

    measure: str
    too_high: int
    too_low: int
    judged: list[str]
    remarks: list[str]


@router.get("/treatments", response=list[TreatmentOut], auth=CONFIGURE, summary="What was done so far")
def get_treatments(request: HttpRequest) -> list[Done]:
    """What effects can be asked of, the most often done first."""
    project = current_project()
    return done(project) if project else []


@router.post("/experiments/effects", response={202: ExperimentOut}, auth=CONFIGURE, summary="Ask what was done did")
def post_effects(request: HttpRequest, sent: EffectsIn) -> Status[dict[str, Any]]:
    """Against those held out by chance, and against accounts that looked alike. A worker carries it out."""
    said: dict[str, Any] = sent.dict()
    lists = {name: tuple(said[name]) for name in ("by", "after_days", "trusted")}
    return Status(202, as_out(ask_for_effects(actor=actor_of(request), wanted=WantedEffects(**{**said, **lists}))))


@router.post(
    "/experiments/calibrations", response={202: ExperimentOut}, auth=CONFIGURE, summary="Learn chances of loss"
)
def post_calibration(request: HttpRequest, sent: PastIn) -> Status[dict[str, Any]]:
    """From scores before decisions. Those of a version are what revenue at risk rests on."""
    return Status(202, as_out(ask_for_calibration(actor=actor_of(request), wanted=sent.wanted())))


@router.post("/experiments/feedback", response={202: ExperimentOut}, auth=CONFIGURE, summary="Ask who was right")
def post_feedback_report(request: HttpRequest, sent: PastIn) -> Status[dict[str, Any]]:
    """People who said that scores feel wrong, or the scores. A worker carries it out."""
    return Status(202, as_out(ask_for_feedback(actor=actor_of(request), wanted=sent.wanted())))


@router.post("/experiments/optimism", response={202: ExperimentOut}, auth=CONFIGURE, summary="Judge entered scores")
def post_optimism(request: HttpRequest, sent: PastIn) -> Status[dict[str, Any]]:
    """Scores that people entered against what became of the accounts. A worker carries it out."""
    return Status(202, as_out(ask_for_optimism(actor=actor_of(request), wanted=sent.wanted())))


@router.get("/optimism", response=OptimismOut, auth=VIEW, summary="Are entered scores too high?")
def get_optimism(request: HttpRequest) -> dict[str, Any]:
    """The newest report, by measure; people are named to those who configure alone. Empty before the first one."""
    return newest_for(actor_of(request)) or {"measures": [], "people": [], "left_out": {}, "asked": {}}


@router.get(
    "/feedback-evidence/{measure}", response=EvidenceOut, auth=CONFIGURE, summary="What people said of a measure"
)
def get_evidence(request: HttpRequest, measure: str) -> dict[str, Any]:
    """How often it was said to stand too high or too low, and who was right by the newest report."""
    found = evidence(actor_of(request), measure)
    if found is None:
        return {"measure": measure, "too_high": 0, "too_low": 0, "judged": [], "remarks": []}
    return {**vars(found), "judged": list(found.judged), "remarks": [one.reason for one in found.remarks]}
