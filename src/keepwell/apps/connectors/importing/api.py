"""Imports over the API: the same steps as in the browser, for files as large as in the browser."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from keepwell.apps.connectors.importing import operations
from keepwell.apps.connectors.importing.arriving import body_into_data_folder
from keepwell.apps.connectors.importing.giving import rejected_file
from keepwell.apps.connectors.importing.models import Import
from keepwell.apps.connectors.importing.queries import import_for, imports_of
from keepwell.apps.connectors.importing.targets import targets
from keepwell.apps.rest.authentication import BULK, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Sent

router = Router(tags=["Imports"])


class ColumnIs(Sent):
    """`name`: what it is matched with, empty: left out. `new`: a column of that name is added to the dataset."""

    name: str = Field("", max_length=200)
    kind: str = Field("", max_length=20)
    form: str = Field("", max_length=40, description="How dates or numbers are written, such as %d/%m/%Y")
    new: bool = False


class ColumnsIn(Sent):
    columns: dict[str, ColumnIs] = Field(max_length=1000)
    clears: bool = Field(False, description="Empty cells empty what is there")


class TakeIn(Sent):
    mode: Literal["all", "accepted"]


class ImportOut(Schema):
    id: int
    target: str
    file_name: str
    size: int
    status: str
    step: str
    columns: dict[str, Any]
    clears: bool
    mode: str
    counts: dict[str, Any]
    reasons: list[dict[str, Any]]
    notes: list[str]
    error: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None


class FieldOut(Schema):
    name: str
    title: str
    kind: str
    required: bool


class TargetOut(Schema):
    """`refusal`: why nothing can be brought into it now; empty where it can."""

    name: str
    title: str
    fields: list[FieldOut]
    takes_new_columns: bool
    refusal: str


@router.get("/import-targets", response=list[TargetOut], auth=BULK, summary="What files can be imported into")
def list_import_targets(request: HttpRequest) -> list[Any]:
    """Accounts, people, and datasets of the definitions, with their columns."""
    return targets()


@router.get("/imports", response=Page[ImportOut], auth=BULK, summary="List imports")
def list_imports(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Newest first; who does not see all accounts is told of their own."""
    return page(imports_of(actor_of(request)), ["-pk"], cursor, limit)


@router.post(
    "/imports",
    response={201: ImportOut},
    auth=BULK,
    summary="Bring a file",
    openapi_extra={"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def post_import(
    request: HttpRequest,
    target: Annotated[str, Query(max_length=100)],
    file_name: Annotated[str, Query(max_length=200)] = "file.csv",
) -> Status[Import]:
    """The body is the CSV file, of as many megabytes as KEEPWELL_IMPORT_LIMIT allows.

    Its columns are guessed and told; nothing is read further until they are put.
    """
    path = body_into_data_folder(request)
    try:
        return Status(201, operations.bring(actor=actor_of(request), target=target, file_name=file_name, path=path))
    finally:
        path.unlink(missing_ok=True)


@router.get("/imports/{int:import_id}", response=ImportOut, auth=BULK, summary="Get an import")
def get_import(request: HttpRequest, import_id: int) -> Import:
    """How far it is, and what its rows came to."""
    return import_for(actor_of(request), import_id)


@router.put("/imports/{int:import_id}/columns", response=ImportOut, auth=BULK, summary="Match columns, check rows")
def match_import(request: HttpRequest, import_id: int, sent: ColumnsIn) -> Import:
    """Every row is checked in the background; columns that are not named are left out."""
    columns = {name: one.dict() for name, one in sent.columns.items()}
    return operations.match(actor=actor_of(request), import_id=import_id, columns=columns, clears=sent.clears)


@router.post("/imports/{int:import_id}/take", response=ImportOut, auth=BULK, summary="Take an import")
def take_import(request: HttpRequest, import_id: int, sent: TakeIn) -> Import:
    """All rows or none, or those that were accepted; done in the background."""
    return operations.take(actor=actor_of(request), import_id=import_id, mode=sent.mode)


@router.post("/imports/{int:import_id}/undo", response=ImportOut, auth=BULK, summary="Undo an import")
def undo_import(request: HttpRequest, import_id: int) -> Import:
    """What was changed since stays; done in the background."""
    return operations.undo(actor=actor_of(request), import_id=import_id)


@router.delete("/imports/{int:import_id}", response={204: None}, auth=BULK, summary="Throw a file away")
def delete_import(request: HttpRequest, import_id: int) -> None:
    """One that was not taken."""
    operations.discard(actor=actor_of(request), import_id=import_id)


@router.get(
    "/imports/{int:import_id}/rejected",
    auth=BULK,
    summary="Rejected rows",
    openapi_extra={"responses": {200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def get_rejected_rows(request: HttpRequest, import_id: int) -> StreamingHttpResponse:
    """As they stood, each with its reason, as a CSV file that can be corrected and brought again."""
    return rejected_file(import_for(actor_of(request), import_id))
