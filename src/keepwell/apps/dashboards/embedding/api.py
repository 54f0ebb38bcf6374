"""Links to dashboards in pages of others, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.dashboards.embedding import operations, queries
from keepwell.apps.dashboards.embedding.finding import address_of
from keepwell.apps.dashboards.embedding.models import Embed
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Id, Sent

router = Router(tags=["Dashboards"])


class EmbedIn(Sent):
    dashboard: str = Field(min_length=1, max_length=120, description="Its key, as in its address")
    origins: list[Annotated[str, Field(max_length=200)]] = Field(
        min_length=1, max_length=operations.MOST_ORIGINS, examples=[["https://intranet.example.com"]]
    )
    days: int = Field(90, ge=1, le=365)
    query: str = Field("", max_length=2000, description="What narrows it, as in the address of its page")


class EmbedOut(Schema):
    """`link`: for the frame."""

    id: int
    dashboard: str
    title: str
    query: str
    owner_id: int
    origins: list[str]
    link: str
    expires_at: datetime
    revoked_at: datetime | None
    seen: int

    @staticmethod
    def resolve_dashboard(embed: Any) -> str:
        return str(embed.key)

    @staticmethod
    def resolve_link(embed: Any) -> str:
        return address_of(embed)


@router.get("/embeds", response=Page[EmbedOut], auth=VIEW, summary="List dashboards in other pages")
def list_embeds(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Those that you made; admins have all."""
    return page(queries.embeds_of(actor_of(request)), ["-pk"], cursor, limit)


@router.post("/embeds", response={201: EmbedOut}, auth=WRITE, summary="Show a dashboard in another page")
def post_embed(request: HttpRequest, sent: EmbedIn) -> Status[Embed]:
    """Whoever opens that page reads what you may see, until the link ends or you leave."""
    made = operations.make_embed(
        actor=actor_of(request), key=sent.dashboard, origins=sent.origins, days=sent.days, query=sent.query
    )
    return Status(201, made)


@router.post("/embeds/{int:embed_id}/revoke", response=EmbedOut, auth=VIEW, summary="Take a dashboard back")
def post_embed_revoke(request: HttpRequest, embed_id: Id) -> Embed:
    """The link shows nothing any more."""
    return operations.revoke_embed(actor=actor_of(request), embed_id=embed_id)
