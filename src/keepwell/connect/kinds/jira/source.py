"""Jira Cloud: issues by the search that goes on with a token. JQL knows minutes in the user's time zone alone, so that
issues of the last day are asked for again; upserting them changes nothing."""

from __future__ import annotations

from datetime import timedelta

from keepwell.connect.declared import Api, Ask, Endpoint, Resource
from keepwell.connect.outgoing import Outgoing
from keepwell.connect.signing_in import basic
from keepwell.connect.spec import Settings, Stream
from keepwell.connect.times import as_time

_ZONES = timedelta(days=1)


def _issues(ask: Ask) -> Endpoint:
    since = f"{as_time(ask.since) - _ZONES:%Y-%m-%d %H:%M}" if ask.since is not None else "1990-01-01 00:00"
    own = f"({ask.settings['jql']}) AND " if ask.settings["jql"] else ""
    return {
        "path": "search/jql",
        "params": {
            "jql": f'{own}updated >= "{since}" ORDER BY updated ASC',
            "fields": ask.settings["fields"] or "*navigable",
            "maxResults": 100,
        },
        "data_selector": "issues",
        "paginator": {"type": "cursor", "cursor_path": "nextPageToken", "cursor_param": "nextPageToken"},
    }


def _projects(ask: Ask) -> Endpoint:
    return {
        "path": "project/search",
        "params": {"maxResults": 50},
        "data_selector": "values",
        "paginator": {"type": "json_link", "next_url_path": "nextPage"},
    }


_RESOURCES = (
    Resource(Stream("issues", keys=("id",), cursor="fields.updated"), _issues),
    Resource(Stream("projects", keys=("id",)), _projects),
)


def _sign_in(settings: Settings, session: Outgoing) -> None:
    basic(session, settings["email"], settings["token"])


def _address(settings: Settings, session: Outgoing) -> str:
    return f"{settings['address'].rstrip('/')}/rest/api/3"


_API = Api(_address, _sign_in, lambda _: _RESOURCES, probe="myself")
check, streams, read = _API.check, _API.streams, _API.read
