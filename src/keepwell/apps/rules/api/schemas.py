"""What calls about rules answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from keepwell.apps.rest.schemas import Sent
from keepwell.engine.rules.because import because


class ReasonOut(Schema):
    """A part of the condition, a name in it and what stood there; `holds`: whether the part is true; `words`: the part
    and what stood there as a person reads them."""

    condition: str
    name: str
    value: float | str | bool | None
    holds: bool = True
    words: str = ""

    @staticmethod
    def resolve_words(reason: Any) -> str:
        one = reason if isinstance(reason, Mapping) else vars(reason)
        return because([{"condition": one["condition"], "name": one["name"], "value": one["value"]}])


class RuleOut(Schema):
    """`fired`: accounts for which it acted in the last 30 days. `open`: those for which it acted and is not over.
    `waiting`: runs that wait for approval. `stopped`: why it cannot be decided."""

    name: str
    title: str
    sentence: str
    enabled: bool
    fired: int
    open: int
    waiting: int
    stopped: str
    last_run_id: int | None


class RuleDetail(RuleOut):
    yaml: str
    treated: int
    held_out: int
    withdrawn: int
    definition: dict[str, Any]


class OpenOut(Schema):
    account_id: str
    name: str


class RunOut(Schema):
    """Counts are of accounts, those held out among the `fired`. `does`: its effects in words."""

    id: int
    rule: str
    version: str
    trigger: str
    as_of: date
    decided_at: datetime
    status: str
    considered: int
    matching: int
    fired: int
    held_out: int
    ended_at: datetime | None
    decided_by: str
    remark: str
    does: str = ""


class RunDetail(RunOut):
    """`effects`: how many, by kind and then by status. `left_to_others`: how many wait for approval by those who see
    accounts that you do not."""

    effects: dict[str, dict[str, int]]
    left_to_others: int


class EffectOut(Schema):
    id: int
    key: str
    account_id: str
    part: str
    place: int
    occurrence: int
    kind: str
    parameters: dict[str, Any]
    reason: list[ReasonOut]
    status: str
    attempts: int
    error: str
    done_at: datetime | None


class LookedOut(Schema):
    """An account that a run considered. `fired`: the run acts for it, or would if it were not `held_out`."""

    account_id: str
    name: str
    matches: bool
    fired: bool
    held_out: bool
    reasons: list[ReasonOut]


class ConsideredOut(Schema):
    """`next`: send it as `start` for more. `why_none`: why nothing can be said."""

    items: list[LookedOut]
    count: int
    next: int | None
    why_none: str


class RemarkIn(Sent):
    remark: str = Field("", max_length=2000, examples=["These customers were called last week"])


class StaysOut(Schema):
    effect_id: int
    account_id: str
    kind: str
    reason: str


class UndoneOut(Schema):
    """`stays`: what could not be taken back, and why; `unseen`: how many stay, for accounts that you do not see."""

    taken_back: int
    stays: list[StaysOut]
    unseen: int


class IntentOut(Schema):
    """What would be done for an account. `held_out`: it would only be noted."""

    rule: str
    account_id: str
    name: str
    part: str
    kind: str
    parameters: dict[str, Any]
    reason: list[ReasonOut]
    held_out: bool


class PlanOut(Schema):
    """`effects`: how many by kind; `approval`: rules that would wait; `refused`: rules that cannot be decided and why;
    `sample`: of accounts that you see. `why_none`: why there is no plan."""

    as_of: date | None
    sentence: str
    effects: dict[str, int]
    by_rule: dict[str, dict[str, int]]
    held_out: int
    approval: list[str]
    refused: dict[str, str]
    sample: list[IntentOut]
    why_none: str


class MatchedOut(Schema):
    account_id: str
    name: str
    reasons: list[ReasonOut]


class MatchingOut(Schema):
    """`ends`: for how many the condition of `until` is true. `refused`: why nothing can be said."""

    as_of: date | None
    accounts: int
    considered: int
    matching: int
    ends: int | None
    sample: list[MatchedOut]
    refused: str


class ReplayOut(Schema):
    """`status`: none, waiting, running, done or failed. `result`: weeks, firings, accounts, months, and what became of
    accounts (`followed`) beside those for which it did not act."""

    status: str
    done: int
    total: int
    error: str
    result: dict[str, Any]
