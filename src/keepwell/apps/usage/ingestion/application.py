"""The WSGI application: which requests are its own, and what each goes through."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from keepwell.apps.usage.ingestion.accepting import sort_messages
from keepwell.apps.usage.ingestion.answers import TAKEN, Answer, StartResponse, refusal
from keepwell.apps.usage.ingestion.bodies import read_body
from keepwell.apps.usage.ingestion.committing import Committer, Entry
from keepwell.apps.usage.ingestion.credentials import live_key
from keepwell.apps.usage.ingestion.envelopes import PATHS, Posted, read_posted
from keepwell.apps.usage.ingestion.inherited import Inherited
from keepwell.apps.usage.ingestion.keeping import Keeper
from keepwell.apps.usage.ingestion.keys import KeyRing, LiveKey
from keepwell.apps.usage.ingestion.origins import check_origin, origin_of, permission, sharing
from keepwell.apps.usage.ingestion.rates import Rates
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken
from keepwell.apps.usage.ingestion.serving import SETTINGS, SNIPPET, settings_answer, snippet_answer
from keepwell.apps.usage.ingestion.wire import write

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """`waiting`: messages that may wait for the lake; `rate`: messages a second of a key in one process, 0 for any."""

    waiting: int = 5_000_000
    rate: int = 0


class Ingestion:
    """`public_url`: where browsers reach it."""

    def __init__(self, public_url: str, limits: Limits) -> None:
        self._public_url = public_url
        self._keys, self._committer = KeyRing(), Committer()
        self._keeper, self._rates = Keeper(limits.waiting), Rates(limits.rate)

    def close(self) -> None:
        """What was taken is written, then everything is let go."""
        self._committer.close()
        self._keeper.close()
        self._keys.close()

    def holds(self, path: str) -> bool:
        """Whether a request is its own, and not a page's."""
        return path.startswith(("/v1/", "/snippet/")) or path in ("/batch", "/batch/")

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        origin = origin_of(environ)
        try:
            answer, headers = self._answer(environ, origin), sharing(origin, self._keys)
        except RequestNotTaken as error:
            refused = error.code == "origin_not_allowed"
            answer, headers = refusal(error), [] if refused else self._sharing(origin)
        except Exception:
            _LOG.exception("a request of %s failed", environ["PATH_INFO"])
            answer = refusal(RequestNotTaken(500, "defect", "Keepwell failed; what went wrong stands in its log"))
            headers = []
        return answer.send(start_response, headers)

    def _sharing(self, origin: str) -> list[tuple[str, str]]:
        try:
            return sharing(origin, self._keys)
        except RequestNotTaken:
            return []  # nobody can tell while the database is gone

    def _answer(self, environ: dict[str, Any], origin: str) -> Answer:
        path, method = str(environ["PATH_INFO"]).rstrip("/"), environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return permission(origin, self._keys)
        if asked := SETTINGS.fullmatch(path):
            _only("GET", method)
            return settings_answer(self._keys, asked.group(1), origin, self._public_url)
        if asked := SNIPPET.fullmatch(path):
            _only("GET", method)
            return snippet_answer(self._keys, asked.group(1), self._public_url)
        if path not in PATHS:
            raise RequestNotTaken(404, "not_found", f"there is nothing at {path[:80]}")
        _only("POST", method)
        return self._take(path, environ, origin)

    def _take(self, path: str, environ: dict[str, Any], origin: str) -> Answer:
        body = read_body(environ)
        self._keeper.check_room()
        posted = read_posted(path, body)
        key = live_key(self._keys, environ, posted.key)
        check_origin(origin, key)
        self._rates.take(key.id, len(posted.messages))
        self._store(posted, key)
        return TAKEN

    def _store(self, posted: Posted, key: LiveKey) -> None:
        """Returns once it is on disk."""
        received = datetime.now(UTC)
        inherited = Inherited(received, key.kept, posted.kind, posted.sent, posted.context or {})
        found = sort_messages(posted.messages, posted.protocol, inherited)
        if found.stored or found.refused:
            self._committer.commit(Entry(key.id, received, len(found.stored), write(found.stored), found.refused))
            self._keeper.note(key.id, len(found.stored), found.refused_in_all)


def _only(method: str, sent: Any) -> None:
    if sent != method:
        raise RequestNotTaken(405, "method_not_allowed", f"send this with {method}")
