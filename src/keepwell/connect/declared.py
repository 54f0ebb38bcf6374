"""APIs that are read by declaration: an address, a way to sign in, and for each stream what dlt's rest_api asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from keepwell.connect.failing import in_our_words
from keepwell.connect.outgoing import Door, Outgoing
from keepwell.connect.spec import Cursor, Page, Settings, Since, SourceRefused, Stream

_ROWS = 1000
Endpoint = Mapping[str, Any]


@dataclass(frozen=True)
class Ask:
    """What an endpoint is made for. `since`: how far the stream was read already, None for all of it."""

    settings: Settings
    session: Outgoing
    address: str
    since: Cursor | None


@dataclass(frozen=True)
class Resource:
    """One stream. `endpoint`: what dlt calls the endpoint of a resource, made for what is asked."""

    stream: Stream
    endpoint: Callable[[Ask], Endpoint]


@dataclass(frozen=True)
class Api:
    """`address`: of all endpoints, told once signed in. `sign_in`: puts credentials and headers on a session.

    `probe`: a path that answers quickly and only with good credentials.
    """

    address: Callable[[Settings, Outgoing], str]
    sign_in: Callable[[Settings, Outgoing], None]
    resources: Callable[[Settings], tuple[Resource, ...]]
    probe: str

    def check(self, settings: Settings, door: Door) -> str:
        with in_our_words(settings):
            session = self.session(settings, door)
            answer = session.get(self.address(settings, session).rstrip("/") + "/" + self.probe)
            answer.raise_for_status()
            return "it answers, and takes the credentials"

    def streams(self, settings: Settings, door: Door) -> list[Stream]:
        return [one.stream for one in self.resources(settings)]

    def read(self, settings: Settings, door: Door, stream: str, since: Since | None) -> Iterator[Page]:
        known = {one.stream.name: one for one in self.resources(settings)}
        if stream not in known:
            raise SourceRefused(f"there is no stream '{stream}': {', '.join(known)}")
        with in_our_words(settings):
            session = self.session(settings, door)
            address = self.address(settings, session)
            endpoint = dict(known[stream].endpoint(Ask(settings, session, address, since.value if since else None)))
            client = {"base_url": address, "session": session}
            yield from pages_of({"client": client, "resources": [{"name": stream, "endpoint": endpoint}]}, stream)

    def session(self, settings: Settings, door: Door) -> Outgoing:
        session = door.session()
        self.sign_in(settings, session)
        return session


def pages_of(config: Mapping[str, Any], stream: str) -> Iterator[Page]:
    """The rows of one resource of a rest_api configuration of dlt, a thousand at a time."""
    from dlt.sources.rest_api import rest_api_resources

    found = {one.name: one for one in rest_api_resources(dict(config))}  # type: ignore[arg-type]
    yield from in_pages(found[stream])


def in_pages(rows: Iterable[Any]) -> Iterator[Page]:
    """Rows a thousand at a time."""
    rest = iter(rows)
    while page := list(islice(rest, _ROWS)):
        yield page
