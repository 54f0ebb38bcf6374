"""The WSGI application: which requests are its own, and what each goes through."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from keepwell.apps.usage.ingestion.accepting import sort_messages
from keepwell.apps.usage.ingestion.answers import TAKEN, Answer, StartResponse, refusal
from keepwell.apps.usage.ingestion.bodies import read_body
from keepwell.apps.usage.ingestion.committing import Committer, Entry
from keepwell.apps.usage.ingestion.credentials import live_key
from keepwell.apps.usage.ingestion.envelopes import PATHS, read_posted
from keepwell.apps.usage.ingestion.inherited import Inherited
from keepwell.apps.usage.ingestion.keys import KeyRing
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken
from keepwell.apps.usage.ingestion.wire import write


class Ingestion:
    def __init__(self) -> None:
        self._keys, self._committer = KeyRing(), Committer()

    def holds(self, path: str) -> bool:
        """Whether a request is its own, and not a page's."""
        return path.startswith("/v1/") or path in ("/batch", "/batch/")

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        try:
            answer = self._answer(environ)
        except RequestNotTaken as error:
            answer = refusal(error)
        return answer.send(start_response, [])

    def _answer(self, environ: dict[str, Any]) -> Answer:
        path = str(environ["PATH_INFO"]).rstrip("/")
        if path not in PATHS:
            raise RequestNotTaken(404, "not_found", f"there is nothing at {path[:80]}")
        if environ["REQUEST_METHOD"] != "POST":
            raise RequestNotTaken(405, "method_not_allowed", "send this with POST")
        posted = read_posted(path, read_body(environ))
        key = live_key(self._keys, environ, posted.key)
        received = datetime.now(UTC)
        inherited = Inherited(received, key.kept, posted.kind, posted.sent, posted.context or {})
        found = sort_messages(posted.messages, posted.protocol, inherited)
        if found.stored or found.refused:
            self._committer.commit(Entry(key.id, received, len(found.stored), write(found.stored), found.refused))
        return TAKEN
