"""Stripe: a page begins after the last id of the one before. Only events never change, and are read by their time.

Lists of things that change (invoices are paid, charges refunded) cannot be asked for changes: they are read whole.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from keepwell.connect.declared import Api, Ask, Endpoint, Resource
from keepwell.connect.outgoing import Outgoing
from keepwell.connect.signing_in import bearer
from keepwell.connect.spec import Settings, Stream
from keepwell.connect.times import as_time

_CREATED = "created"


def _list(name: str, more: dict[str, Any], ask: Ask) -> Endpoint:
    newer = {"created[gte]": int(as_time(ask.since).timestamp())} if ask.since is not None else {}
    return {
        "path": name,
        "params": {"limit": 100, **more, **newer},
        "data_selector": "data",
        "paginator": {
            "type": "cursor", "cursor_path": "data[-1].id", "cursor_param": "starting_after",
            "has_more_path": "has_more", "stop_after_empty_page": True,
        },
    }  # fmt: skip


_RESOURCES = (
    Resource(Stream("customers", keys=("id",)), partial(_list, "customers", {})),
    Resource(Stream("subscriptions", keys=("id",)), partial(_list, "subscriptions", {"status": "all"})),
    Resource(Stream("invoices", keys=("id",)), partial(_list, "invoices", {})),
    Resource(Stream("charges", keys=("id",)), partial(_list, "charges", {})),
    Resource(Stream("refunds", keys=("id",)), partial(_list, "refunds", {})),
    Resource(Stream("disputes", keys=("id",)), partial(_list, "disputes", {})),
    Resource(Stream("events", keys=("id",), cursor=_CREATED), partial(_list, "events", {})),
)


def _sign_in(settings: Settings, session: Outgoing) -> None:
    bearer(session, settings["key"])


def _address(settings: Settings, session: Outgoing) -> str:
    return f"{(settings['address'] or 'https://api.stripe.com').rstrip('/')}/v1"


_API = Api(_address, _sign_in, lambda _: _RESOURCES, probe="customers?limit=1")
check, streams, read = _API.check, _API.streams, _API.read
