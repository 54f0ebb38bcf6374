"""How a person arranges the page of an account."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.apps.customer360.layouts import panels_of
from keepwell.apps.customer360.operations import arrange, arrange_as_role
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.schemas import Sent

router = Router(tags=["Oneself"])
Segment = Annotated[str, Query(max_length=100, description="For accounts of it; empty for all")]


class PanelOut(Schema):
    name: str
    title: str
    hidden: bool


class LayoutOut(Schema):
    """`own`: whether you arranged it; else it is your role's."""

    segment: str
    own: bool
    panels: list[PanelOut]


class LayoutIn(Sent):
    """`segment`: for accounts of it, "" for all. Panels by name."""

    segment: str = Field("", max_length=100)
    order: list[str] = Field(max_length=50, examples=[["scorecard", "history"]])
    hidden: list[str] = Field([], max_length=50)


@router.get("/me/layout", response=LayoutOut, auth=VIEW, summary="How panels of an account's page are arranged")
def get_layout(request: HttpRequest, segment: Segment = "") -> dict[str, Any]:
    """Every panel in your order, hidden ones included."""
    panels, own = panels_of(actor_of(request).user, segment)
    return {"segment": segment, "own": own, "panels": panels}


@router.put("/me/layout", response={204: None}, auth=VIEW, summary="Arrange the panels of an account's page")
def put_layout(request: HttpRequest, sent: LayoutIn) -> None:
    """For yourself."""
    arrange(actor=actor_of(request), segment=sent.segment, order=sent.order, hidden=sent.hidden)


@router.delete("/me/layout", response={204: None}, auth=VIEW, summary="Arrange panels as your role has them")
def delete_layout(request: HttpRequest, segment: Segment = "") -> None:
    """Forgets an arrangement of your own."""
    arrange_as_role(actor=actor_of(request), segment=segment)
