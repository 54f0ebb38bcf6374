"""What the API says of accounts and people, and what it takes."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from keepwell.apps.rest.schemas import Day, Health, Id, Key, Moment, Sent


class AccountQuery(Schema):
    """The filters of the customer list: of a list of values any fits, different filters narrow together."""

    q: str = Field("", max_length=200, description="Words that begin words of the name or the id")
    label: list[str] = Field([], max_length=50, description="Bands, such as red")
    csm: list[str] = Field([], max_length=50, description="Numbers of people, `me`, or `none`")
    stage: list[str] = Field([], max_length=50, description="Lifecycle stages, or `none`")
    segment: list[str] = Field([], max_length=50, description="Names of segments")
    in_list: list[str] = Field([], alias="list", max_length=50, description="Numbers of lists")
    renews_within: int | None = Field(None, ge=0, le=3660, description="Days from the last scored date")
    arr_from: str = Field("", max_length=40, description="At least; 50000, 50k and 1.2M are read", examples=["50k"])
    arr_to: str = Field("", max_length=40, description="At most")
    where: str = Field(
        "",
        max_length=1000,
        description="An expression of the definition language",
        examples=["score < 50 and arr >= 100000"],
    )


Order = Literal[
    "name", "score", "change", "arr", "renewal", "stage", "csm",
    "-name", "-score", "-change", "-arr", "-renewal", "-stage", "-csm",
]  # fmt: skip
_ORDER = "With - for the largest first; accounts without the value come last"


class Listed(AccountQuery):
    """With the order of the list and the place in its pages."""

    sort: Order = Field("-arr", description=_ORDER)
    cursor: str = Field("", max_length=1000, description="`next` of the page before; empty for the first page")
    limit: int = Field(50, ge=1, le=200, description="How many at most")


class Exported(AccountQuery):
    """With the order of the rows, and the columns beside id, name, score and band."""

    sort: Order = Field("-arr", description=_ORDER)
    column: list[str] = Field(
        [], max_length=100, description="Such as arr, renewal, csm, why, or an attribute or metric; the usual if none"
    )


class AccountHealth(Health):
    change: float | None = Field(None, description="Points since a week before")
    coverage: float | None = None
    why: str = ""


class AccountOut(Schema):
    """An account as the last run and people left it. `csm_id`: who signs in here; `csm`: as the source says;
    `csm_by_hand`: a person decided, and the source does not count until the account is given back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "acme", "name": "Acme Inc", "csm": "Ada", "stage": "live", "arr": 200000.0,
                    "renews_on": "2026-06-01", "segments": ["large"], "attributes": {"country": "DE"},
                    "health": {"score": 71.4, "label": "yellow", "tone": "middle", "as_of": "2026-03-02"},
                }
            ]
        }
    )  # fmt: skip

    id: str
    name: str
    parent_id: str | None = None
    csm_id: int | None = None
    csm: str = ""
    csm_by_hand: bool = False
    stage: str = ""
    arr: float | None = None
    started_on: date | None = None
    renews_on: date | None = None
    ended_on: date | None = None
    segments: list[str] = Field([])
    attributes: dict[str, Any] = Field({})
    in_population: bool = True
    health: AccountHealth | None = None


class Brief(Schema):
    id: str
    name: str


class SourceId(Schema):
    source: str | None
    source_id: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


class AccountDetail(AccountOut):
    """With what stands around it. `hidden_children`: below it, and not yours to see."""

    merged_into_id: str | None = None
    parent: Brief | None = None
    children: list[Brief] = Field([])
    hidden_children: int = 0
    family_arr: float = 0.0
    lists: list[str] = Field([])
    source_ids: list[SourceId] = Field([])


class Total(Schema):
    """`exact`: above ten thousand the number is an estimate."""

    total: int
    exact: bool


class StageIn(Sent):
    stage: str = Field(min_length=1, max_length=100, examples=["live"])
    reason: str = Field("", max_length=2000)
    occurred_at: Moment | None = None


class StageChangeOut(Schema):
    stage: str
    occurred_at: datetime
    recorded_at: datetime
    author: str
    reason: str


class OwnerIn(Sent):
    """`csm_id` null takes the account from everybody."""

    csm_id: Id | None


class MergeIn(Sent):
    into: Key


class SourceNameOut(Schema):
    """`kind`: user, or anonymous for a visitor."""

    kind: str
    source_id: str
    first_seen: datetime


class PersonMergeIn(Sent):
    into: uuid.UUID


class LinkIn(Sent):
    account_id: Key


class CreateIn(Sent):
    name: str = Field("", max_length=300)


class SuggestionOut(Schema):
    account_id: str
    name: str
    reason: str


class SourceIdOut(Schema):
    """An id in rows of the dataset `source`. `account_id`: what it was linked with."""

    id: int
    source: str
    source_id: str
    rows: int
    last_seen: datetime | None
    state: str
    account_id: str | None
    decided_by: str
    decided_at: datetime | None


class Merged(Schema):
    """`change`: its name in the identity table. `moved`: how many of what went over, such as people."""

    change: str
    moved: dict[str, int]


class BulkDone(Schema):
    """`id`: by which it can be undone."""

    changed: int
    id: int


class BulkIn(Sent):
    """One change for many accounts: all or nothing. `value`: a person's number, `none`, or `source` to let it decide
    again; a stage; a list's number; an attribute with its value, as country=DE."""

    account_ids: list[Key] = Field(min_length=1, max_length=10_000, examples=[["acme", "brix"]])
    action: Literal["owner", "stage", "add", "remove", "attribute"] = Field(examples=["stage"])
    value: str = Field(max_length=300, examples=["live"])


class RelationshipOut(Schema):
    id: str
    account_id: str
    name: str
    attributes: dict[str, Any] = Field({})
    in_population: bool
    health: Health | None = None


class PersonIn(Sent):
    name: str = Field("", max_length=200, examples=["Dora Doe"])
    email: str = Field("", max_length=254, examples=["dora@acme.example"])
    phone: str = Field("", max_length=50)
    role: str = Field("", max_length=100, examples=["Head of operations"])
    is_sponsor: bool = False


class PersonOut(Schema):
    """Somebody at a customer; without name and address where these were erased."""

    key: uuid.UUID
    account_id: str
    role: str
    is_sponsor: bool
    left_on: date | None
    created_at: datetime
    name: str = ""
    email: str = ""
    phone: str = ""

    @staticmethod
    def resolve_name(person: Any) -> str:
        return _personal(person, "name")

    @staticmethod
    def resolve_email(person: Any) -> str:
        return _personal(person, "email")

    @staticmethod
    def resolve_phone(person: Any) -> str:
        return _personal(person, "phone")


class LeftIn(Sent):
    left_on: Day | None = Field(None, description="Today unless said otherwise")


class SegmentOut(Schema):
    """`accounts`: those of it that you see."""

    name: str
    accounts: int


class StageOut(Schema):
    name: str
    accounts: int


class NameIn(Sent):
    name: str = Field(min_length=1, max_length=100, examples=["Reference customers"])


class ListOut(Schema):
    """`seen`: how many of its accounts you see."""

    id: int
    name: str
    owner_id: int | None = None
    created_at: datetime
    seen: int | None = None


class MembersIn(Sent):
    account_ids: list[Key] = Field(min_length=1, max_length=5000, examples=[["acme", "brix"]])


class ViewIn(Sent):
    name: str = Field(min_length=1, max_length=100, examples=["Red and large"])
    query: str = Field(min_length=1, max_length=2000, examples=["?label=red&segment=large"])
    shared: bool = False


class ViewOut(Schema):
    id: int
    name: str
    query: str
    own: bool


def _personal(person: Any, name: str) -> str:
    personal = getattr(person, "personal", None)
    return str(getattr(personal, name, ""))
