"""Salesforce: `queryAll` gives deleted records too, so that a deletion arrives as a change (IsDeleted)."""

from __future__ import annotations

import re
from functools import partial

from keepwell.connect.declared import Api, Ask, Endpoint, Resource
from keepwell.connect.kinds.salesforce.api import address, sign_in
from keepwell.connect.spec import Settings, SourceRefused, Stream
from keepwell.connect.times import as_time

_OBJECTS = ("Account", "Contact", "Opportunity", "Case", "Task", "Contract", "Asset", "User")
_CHANGED = "SystemModstamp"
_NOT_IN_QUERIES = frozenset({"address", "location", "base64"})  # compound fields come as their parts
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def _resources(settings: Settings) -> tuple[Resource, ...]:
    more = [one.strip() for one in settings["objects"].split(",") if one.strip()]
    if wrong := [one for one in more if not _NAME.fullmatch(one)]:
        raise SourceRefused(f"'{wrong[0]}' is no name of an object")
    names = dict.fromkeys((*_OBJECTS, *more))
    return tuple(Resource(Stream(one, keys=("Id",), cursor=_CHANGED), partial(_query, one)) for one in names)


def _query(name: str, ask: Ask) -> Endpoint:
    described = ask.session.get(f"{ask.address}/sobjects/{name}/describe")
    described.raise_for_status()
    fields = [one["name"] for one in described.json()["fields"] if one.get("type") not in _NOT_IN_QUERIES]
    newer = f" WHERE {_CHANGED} >= {as_time(ask.since):%Y-%m-%dT%H:%M:%SZ}" if ask.since is not None else ""
    soql = f"SELECT {', '.join(fields)} FROM {name}{newer} ORDER BY {_CHANGED}"
    return {
        "path": "queryAll",
        "params": {"q": soql},
        "data_selector": "records",
        "paginator": {"type": "json_link", "next_url_path": "nextRecordsUrl"},
    }


_API = Api(address, sign_in, _resources, probe="limits")
check, streams, read = _API.check, _API.streams, _API.read
