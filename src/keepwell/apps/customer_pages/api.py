"""Pages for customers over the API: what one has, to whom it was sent, what it showed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.customer_pages import operations, queries
from keepwell.apps.customer_pages.models import CustomerPage, PageLink
from keepwell.apps.customer_pages.words import WORDS
from keepwell.apps.customers.queries import account_for
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Id, Key, Sent

router = Router(tags=["Pages for customers"])

_Step = Annotated[str, Field(max_length=operations.STEP)]
_Name = Annotated[str, Field(max_length=200)]
_LANGUAGES = "|".join(sorted(WORDS))


class CustomerPageIn(Sent):
    widgets: list[_Name] = Field(max_length=20, examples=[["seats", "unused", "plan", "steps"]])
    greeting: str = Field("", max_length=operations.GREETING)
    steps: list[_Step] = Field([], max_length=operations.STEPS)
    left_out: list[_Name] = Field([], max_length=500, description="Features that the page does not speak of")
    revision: int | None = Field(None, ge=0, le=2**31 - 1, description="Of the page that you read; refused if it moved")


class CustomerPageOut(Schema):
    account_id: str
    widgets: list[str]
    greeting: str
    steps: list[str]
    left_out: list[str]
    revision: int


class PageLinkIn(Sent):
    person: UUID = Field(description="The key of somebody at the account")
    days: int = Field(30, ge=1, le=365, description="How long it can be opened")
    language: str = Field("", pattern=rf"^({_LANGUAGES})?$", description="What they prefer unless given")


class PageLinkOut(Schema):
    """`state`: waits to be sent, sent, came back, ended or taken back. Links themselves are in the letter alone."""

    id: int
    person: UUID | None
    widgets: list[str]
    language: str
    sent_by: str
    made_at: datetime
    expires_at: datetime
    state: str
    times: int
    last_at: datetime | None

    @staticmethod
    def resolve_person(link: Any) -> UUID | None:
        return link.person_id

    @staticmethod
    def resolve_state(link: Any) -> str:
        return queries.state_of(link, timezone.now())

    @staticmethod
    def resolve_times(link: Any) -> int:
        return getattr(link, "times", None) or 0

    @staticmethod
    def resolve_last_at(link: Any) -> datetime | None:
        return getattr(link, "last_at", None)


class PageViewOut(Schema):
    """`shown`: every widget with its words and figures."""

    id: int
    at: datetime
    last_at: datetime
    times: int
    language: str
    shown: list[dict[str, Any]]


@router.get("/accounts/{account_id}/customer-page", response=CustomerPageOut, auth=VIEW,
            summary="Get the page for a customer")  # fmt: skip
def get_customer_page(request: HttpRequest, account_id: Key) -> CustomerPage:
    """As it is prepared, which is not always as it was sent."""
    return queries.page_of(account_for(actor_of(request), account_id))


@router.put("/accounts/{account_id}/customer-page", response=CustomerPageOut, auth=WRITE,
            summary="Prepare the page for a customer")  # fmt: skip
def put_customer_page(request: HttpRequest, account_id: Key, sent: CustomerPageIn) -> CustomerPage:
    """What was sent before stays as it was sent."""
    chosen = operations.Chosen(**sent.dict())
    return operations.prepare(actor=actor_of(request), account_id=account_id, chosen=chosen)


@router.get("/accounts/{account_id}/customer-page/links", response=Page[PageLinkOut], auth=VIEW,
            summary="List to whom a page was sent")  # fmt: skip
def list_customer_page_links(
    request: HttpRequest, account_id: Key, cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Newest first."""
    found = queries.links_of(account_for(actor_of(request), account_id))
    return page(found, ["-made_at", "-pk"], cursor, limit)


@router.post("/accounts/{account_id}/customer-page/links", response={201: PageLinkOut}, auth=WRITE,
             summary="Send the page to somebody")  # fmt: skip
def post_customer_page_link(request: HttpRequest, account_id: Key, sent: PageLinkIn) -> Status[PageLink]:
    """A letter with a link; opening it takes a code that is sent to the same address."""
    return Status(201, operations.send(actor=actor_of(request), account_id=account_id, **sent.dict()))


@router.post("/accounts/{account_id}/customer-page/links/{int:link_id}/revoke", response=PageLinkOut, auth=WRITE,
             summary="Take back a link to a page")  # fmt: skip
def post_customer_page_revoke(request: HttpRequest, account_id: Key, link_id: Id) -> PageLink:
    """It opens nothing any more, where it is open already included."""
    return operations.revoke(actor=actor_of(request), account_id=account_id, link_id=link_id)


@router.get("/accounts/{account_id}/customer-page/links/{int:link_id}/views", response=Page[PageViewOut], auth=VIEW,
            summary="List what was shown")  # fmt: skip
def list_customer_page_views(
    request: HttpRequest, account_id: Key, link_id: Id, cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Newest first."""
    link = queries.link_for(actor_of(request), account_id, link_id)
    return page(queries.views_of(link), ["-at", "-pk"], cursor, limit)
