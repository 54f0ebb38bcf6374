"""What the API of the cockpit takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from keepwell.apps.cockpit.ordering import at_risk
from keepwell.apps.cockpit.words import PRIORITIES, Priority
from keepwell.apps.rest.schemas import Day, Health, Id, Key, Sent

CallType = Literal["risk", "opportunity", "lifecycle", "activity", "objective"]
PriorityWord = Literal["low", "normal", "high", "urgent"]
OutcomeWord = Literal["succeeded", "partly", "failed", "recovered", "not_needed"]
Title = Field(min_length=1, max_length=300)


class Somebody(Schema):
    id: int
    name: str


class CallIn(Sent):
    """`reason` is the key by which two calls are the same; made of `reason_words` where it is left out."""

    type: CallType
    title: str = Field(min_length=1, max_length=300, examples=["Win back the sponsor"])
    reason: str = Field("", max_length=100, pattern=r"^([a-z][a-z0-9_]*)?$", examples=["champion_left"])
    reason_words: str = Field("", max_length=300, examples=["Champion left"])
    text: str = Field("", max_length=20_000, description="Markdown")
    priority: PriorityWord = "normal"
    owner_id: Id | None = Field(None, description="The CSM of the account unless said otherwise")
    due_on: Day | None = None
    playbook: str = Field("", max_length=100)
    relationship_id: Key | None = None


class CallPut(Sent):
    title: str = Title
    text: str = Field("", max_length=20_000)
    priority: PriorityWord


class MovedIn(Sent):
    status: Literal["open", "in_progress"]


class CloseIn(Sent):
    outcome: OutcomeWord
    note: str = Field("", max_length=5000)


class SnoozeIn(Sent):
    until: Day
    reason: str = Field(min_length=1, max_length=300)


class OwnerIn(Sent):
    owner_id: Id


class DueIn(Sent):
    """`with_tasks`: open tasks move by as many business days."""

    due_on: Day | None
    with_tasks: bool = False


class FlagIn(Sent):
    flagged: bool


class PlaybookIn(Sent):
    playbook: str = Field(min_length=1, max_length=100)


class RiskIn(Sent):
    mitigation: str = Field("", max_length=5000)
    review_on: Day | None = None


class CallOut(Schema):
    """`value_at_risk` is what lists are ordered by, `value_words` how it came about."""

    id: int
    account_id: str
    account_name: str
    relationship_id: str | None
    type: str
    reason: str
    reason_words: str
    title: str
    text: str
    priority: str
    status: str
    is_flagged: bool
    owner: Somebody | None
    passed_from: str
    due_on: date | None
    snoozed_until: date | None
    snooze_reason: str
    origin: str
    cause: dict[str, Any]
    objective_id: int | None
    playbook: str
    mitigation: str
    review_on: date | None
    opened_at: datetime
    opened_by: str
    times_opened: int
    closed_at: datetime | None
    outcome: str
    outcome_note: str
    health: Health | None
    value_at_risk: float
    value_words: str

    @staticmethod
    def resolve_account_name(call: Any) -> str:
        return str(call.account.name)

    @staticmethod
    def resolve_priority(call: Any) -> str:
        return Priority(call.priority).label

    @staticmethod
    def resolve_health(call: Any) -> Any:
        return getattr(call.account, "health", None)

    @staticmethod
    def resolve_value_at_risk(call: Any) -> float:
        return at_risk(call.account, getattr(call, "shown_on", None)).value

    @staticmethod
    def resolve_value_words(call: Any) -> str:
        return at_risk(call.account, getattr(call, "shown_on", None)).words


class TaskOut(Schema):
    """`needs`: numbers of the tasks that come before."""

    id: int
    call_id: int
    place: int
    name: str
    title: str
    help: str
    owner: Somebody | None
    passed_from: str
    due_on: date | None
    status: str
    is_required: bool
    needs: list[int]
    has_email: bool
    email_sent_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    remark: str

    @staticmethod
    def resolve_needs(task: Any) -> list[int]:
        return sorted(one.pk for one in task.needs.all())

    @staticmethod
    def resolve_has_email(task: Any) -> bool:
        return bool(task.email)


class MeasurementOut(Schema):
    """`moment`: opened, closed, or days after closing: 30, 60, 90; null until its day has come."""

    moment: str
    due_on: date
    recorded_at: datetime | None
    score: float | None
    label: str
    arr: float | None


class RunOut(Schema):
    """A playbook as it was applied; `replaced_at`: another took its place."""

    playbook: str
    version: str
    title: str
    applied_at: datetime
    applied_by: str
    replaced_at: datetime | None


class CommentOut(Schema):
    id: int
    author: str
    text: str
    written_at: datetime


class AttachmentOut(Schema):
    """A link, or a file of `size` bytes that is read at its own address."""

    id: int
    task_id: int | None
    name: str
    url: str
    size: int
    added_by: str


class CallDetail(CallOut):
    tasks: list[TaskOut]
    measurements: list[MeasurementOut]
    runs: list[RunOut]
    comments: list[CommentOut]
    attachments: list[AttachmentOut]
    watchers: list[Somebody]

    @staticmethod
    def resolve_tasks(call: Any) -> list[Any]:
        return list(call.tasks.select_related("owner").prefetch_related("needs"))

    @staticmethod
    def resolve_measurements(call: Any) -> list[Any]:
        return list(call.measurements.order_by("due_on", "pk"))

    @staticmethod
    def resolve_runs(call: Any) -> list[Any]:
        return list(call.runs.order_by("pk"))

    @staticmethod
    def resolve_comments(call: Any) -> list[Any]:
        return list(call.comments.order_by("pk"))

    @staticmethod
    def resolve_attachments(call: Any) -> list[Any]:
        return list(call.attachments.defer("content").order_by("pk"))

    @staticmethod
    def resolve_watchers(call: Any) -> list[Any]:
        return [one.user for one in call.watchers.select_related("user").order_by("pk")]


def number_of(priority: str) -> int:
    """A priority as calls keep it."""
    return int(PRIORITIES[priority])
