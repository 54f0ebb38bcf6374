"""HubSpot: everything by its lists, what changed by its search, which ends after ten thousand and is then asked on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from keepwell.connect.declared import Api, Ask, Endpoint, Resource
from keepwell.connect.failing import in_our_words
from keepwell.connect.kinds.hubspot.api import address, sign_in
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Page, Settings, Since, SourceRefused, Stream
from keepwell.connect.times import as_time, newest

_OBJECTS = ("companies", "contacts", "deals", "tickets")
_CHANGED = {"contacts": "lastmodifieddate"}
_USUAL = {
    "companies": "name,domain,industry,annualrevenue,numberofemployees,lifecyclestage,hubspot_owner_id",
    "contacts": "email,firstname,lastname,jobtitle,lifecyclestage,associatedcompanyid",
    "deals": "dealname,amount,dealstage,pipeline,closedate,hubspot_owner_id",
    "tickets": "subject,content,hs_pipeline_stage,hs_ticket_priority,createdate,closed_date",
}
_UPDATED = "updatedAt"
_SEARCH_ENDS = 10_000
_LATE = timedelta(minutes=5)


def _resources(settings: Settings) -> tuple[Resource, ...]:
    more = [one.strip() for one in settings["objects"].split(",") if one.strip()]
    return tuple(
        Resource(Stream(one, keys=("id",), cursor=_UPDATED), partial(_records, one))
        for one in dict.fromkeys((*_OBJECTS, *more))
    )


def _records(name: str, ask: Ask) -> Endpoint:
    properties = ask.settings["properties"] or _USUAL.get(name, "")
    wanted = [one.strip() for one in properties.split(",") if one.strip()]
    if ask.since is None:
        return {
            "path": f"objects/{name}",
            "params": {"limit": 100, **({"properties": ",".join(wanted)} if wanted else {})},
            "data_selector": "results",
            "paginator": {"type": "cursor", "cursor_path": "paging.next.after", "cursor_param": "after"},
        }
    changed = _CHANGED.get(name, "hs_lastmodifieddate")
    since = str(int(as_time(ask.since).timestamp() * 1000))
    newer = {"propertyName": changed, "operator": "GTE", "value": since}
    return {
        "path": f"objects/{name}/search",
        "method": "POST",
        "json": {
            "filterGroups": [{"filters": [newer]}],
            "sorts": [{"propertyName": changed, "direction": "ASCENDING"}],
            "properties": wanted,
            "limit": 100,
        },
        "data_selector": "results",
        "paginator": {"type": "cursor", "cursor_path": "paging.next.after", "cursor_body_path": "after"},
    }


_API = Api(address, sign_in, _resources, probe="objects/companies?limit=1")
check, streams = _API.check, _API.streams


def read(settings: Settings, door: Door, stream: str, since: Since | None) -> Iterator[Page]:
    with in_our_words(settings):
        if since is not None:  # the search finds what has just been changed a little later
            since = Since(since.column, (as_time(since.value) - _LATE).isoformat())
        while True:
            seen, last = 0, None
            for page in _API.read(settings, door, stream, since):
                yield page
                seen += len(page)
                last = _newest_of(page, last)
                if since is not None and seen >= _SEARCH_ENDS:
                    break
            if since is None or seen < _SEARCH_ENDS:
                return
            if last is None or as_time(last) <= as_time(since.value):
                raise SourceRefused(
                    f"more than {_SEARCH_ENDS:,} {stream} changed at {since.value}: read all of them once"
                )
            since = Since(since.column, last)


def _newest_of(page: Any, last: Any) -> Any:
    for row in page:
        last = newest(last, row.get(_UPDATED))
    return last
