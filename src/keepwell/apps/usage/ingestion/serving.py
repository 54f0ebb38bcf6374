"""What browsers fetch before they send: settings for clients that ask for them, and Keepwell's own snippet."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from keepwell.apps.usage.ingestion.answers import Answer
from keepwell.apps.usage.ingestion.keys import KeyRing, LiveKey
from keepwell.apps.usage.ingestion.origins import check_origin
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken
from keepwell.apps.usage.ingestion.wire import write

SETTINGS = re.compile(r"/v1/projects/([\w-]{1,60})/settings")
SNIPPET = re.compile(r"/snippet/([\w-]{1,60})\.js")
_SCRIPT = Path(__file__).parents[2] / "ui" / "static" / "keepwell" / "dist" / "snippet.js"
_CACHED = ("Cache-Control", "public, max-age=300")


def settings_answer(ring: KeyRing, key: str, origin: str, public_url: str) -> Answer:
    """Where the browser library is to send. Raises RequestNotTaken: 404 for a key that may not send."""
    found = _live(ring, key)
    check_origin(origin, found)
    parts = urlsplit(public_url)
    sending = {"apiKey": found.key, "apiHost": f"{parts.netloc}/v1", "protocol": parts.scheme}
    settings = {"integrations": {"Segment.io": sending}, "plan": {}}
    return Answer(200, write(settings), headers=[_CACHED])


def snippet_answer(ring: KeyRing, key: str, public_url: str) -> Answer:
    """The script of a page. Raises RequestNotTaken: 404 for a key that may not send."""
    found = _live(ring, key)
    script = _script().replace(b"__KEEPWELL_KEY__", found.key.encode())
    script = script.replace(b"__KEEPWELL_HOST__", public_url.encode())
    allowed = ("Cross-Origin-Resource-Policy", "cross-origin")
    return Answer(200, script, "text/javascript; charset=utf-8", [_CACHED, allowed])


@cache
def _script() -> bytes:
    return _SCRIPT.read_bytes()


def _live(ring: KeyRing, key: str) -> LiveKey:
    found = ring.find(key)
    if found is None:
        raise RequestNotTaken(404, "invalid_write_key", "this write key is unknown, or was revoked")
    return found
