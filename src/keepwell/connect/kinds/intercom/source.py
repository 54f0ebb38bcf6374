"""Intercom: searches carry their cursor in the body, companies are scrolled until a page is empty."""

from __future__ import annotations

from functools import partial

from keepwell.connect.declared import Api, Ask, Endpoint, Resource
from keepwell.connect.outgoing import Outgoing
from keepwell.connect.signing_in import bearer
from keepwell.connect.spec import Settings, Stream
from keepwell.connect.times import as_time

_VERSION = "2.11"
_CHANGED = "updated_at"


_DAY = 86_400
_LATE = 600


def _search(name: str, rows: str, before: int, ask: Ask) -> Endpoint:
    """`before`: seconds that are asked for once more. Contacts are searched by whole days alone, so that after a moment
    means after its day; and what was changed a few minutes ago may not be found yet."""
    since = max(int(as_time(ask.since).timestamp()) - before, 0) if ask.since is not None else 0
    return {
        "path": f"{name}/search",
        "method": "POST",
        "json": {
            "query": {"field": _CHANGED, "operator": ">", "value": since},
            "sort": {"field": _CHANGED, "order": "ascending"},
            "pagination": {"per_page": 150},
        },
        "data_selector": rows,
        "paginator": {
            "type": "cursor", "cursor_path": "pages.next.starting_after",
            "cursor_body_path": "pagination.starting_after",
        },
    }  # fmt: skip


def _scroll(ask: Ask) -> Endpoint:
    return {
        "path": "companies/scroll",
        "data_selector": "data",
        "paginator": {
            "type": "cursor", "cursor_path": "scroll_param", "cursor_param": "scroll_param",
            "stop_after_empty_page": True,
        },
    }  # fmt: skip


_RESOURCES = (
    Resource(Stream("contacts", keys=("id",), cursor=_CHANGED), partial(_search, "contacts", "data", _DAY)),
    Resource(
        Stream("conversations", keys=("id",), cursor=_CHANGED),
        partial(_search, "conversations", "conversations", _LATE),
    ),
    Resource(Stream("companies", keys=("id",)), _scroll),
)


def _sign_in(settings: Settings, session: Outgoing) -> None:
    bearer(session, settings["token"])
    session.headers["Intercom-Version"] = _VERSION


def _address(settings: Settings, session: Outgoing) -> str:
    return settings["address"] or "https://api.intercom.io"


_API = Api(_address, _sign_in, lambda _: _RESOURCES, probe="me")
check, streams, read = _API.check, _API.streams, _API.read
