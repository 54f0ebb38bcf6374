"""Zendesk: its export by cursor says itself where it ends; lists go on while `meta.has_more`."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from dlt.sources.helpers.rest_client.paginators import JSONResponseCursorPaginator
from requests import Request, Response

from keepwell.connect.declared import Api, Ask, Endpoint, Resource
from keepwell.connect.outgoing import Outgoing
from keepwell.connect.signing_in import basic
from keepwell.connect.spec import Settings, Stream
from keepwell.connect.times import as_time

_NOT_YET = 120  # the export refuses times of the last minute


class _Export(JSONResponseCursorPaginator):
    """Ends where the answer says `end_of_stream`, which still carries a cursor for the next time."""

    def __init__(self) -> None:
        super().__init__(cursor_path="after_cursor", cursor_param="cursor")

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        super().update_state(response, data)
        if response.json().get("end_of_stream"):
            self._has_next_page = False

    def update_request(self, request: Request) -> None:
        super().update_request(request)
        if self._has_next_page and isinstance(request.params, dict):
            request.params.pop("start_time", None)


def _export(name: str, ask: Ask) -> Endpoint:
    since = int(as_time(ask.since).timestamp()) if ask.since is not None else 1
    return {
        "path": f"incremental/{name}/cursor.json",
        "params": {"start_time": min(since, int(time.time()) - _NOT_YET), "per_page": 1000},
        "data_selector": name,
        "paginator": _Export(),
    }


def _list(name: str, ask: Ask) -> Endpoint:
    return {
        "path": f"{name}.json",
        "params": {"page[size]": 100},
        "data_selector": name,
        "paginator": {
            "type": "cursor", "cursor_path": "meta.after_cursor", "cursor_param": "page[after]",
            "has_more_path": "meta.has_more",
        },
    }  # fmt: skip


_RESOURCES = (
    Resource(Stream("tickets", keys=("id",), cursor="generated_timestamp"), partial(_export, "tickets")),
    Resource(Stream("users", keys=("id",), cursor="updated_at"), partial(_export, "users")),
    Resource(Stream("organizations", keys=("id",)), partial(_list, "organizations")),
    Resource(Stream("satisfaction_ratings", keys=("id",)), partial(_list, "satisfaction_ratings")),
)


def _sign_in(settings: Settings, session: Outgoing) -> None:
    basic(session, f"{settings['email']}/token", settings["token"])


def _address(settings: Settings, session: Outgoing) -> str:
    return f"{settings['address'].rstrip('/')}/api/v2"


_API = Api(_address, _sign_in, lambda _: _RESOURCES, probe="users/me.json")
check, streams, read = _API.check, _API.streams, _API.read
