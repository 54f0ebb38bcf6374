"""A page on loopback for as long as a browser of ours needs it: at an address that nobody guesses, with static files.

So a worker that serves no pages can print, and no session or right is handed to a browser: the page is made already.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from django.contrib.staticfiles import finders

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html"}
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'"


@dataclass(frozen=True)
class _Files:
    """`made`: contents by address; everything below /static/ is a file of the application."""

    made: Mapping[str, str]

    def of(self, path: str) -> tuple[bytes, str] | None:
        kind = _TYPES.get(Path(path).suffix)
        if path in self.made:
            return self.made[path].encode(), kind or "text/html"
        if not path.startswith("/static/") or kind is None or ".." in path:
            return None
        found = finders.find(path.removeprefix("/static/"))
        return (Path(found).read_bytes(), kind) if isinstance(found, str) else None


@contextmanager
def served(pages: Mapping[str, str]) -> Iterator[str]:
    """The address before which the names of `pages` stand, while the context lasts."""
    secret = f"/{secrets.token_urlsafe(16)}/"
    files = _Files({secret + name: text for name, text in pages.items()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(files))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{secret}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(files: _Files) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = files.of(self.path.partition("?")[0])
            if found is None:
                self.send_error(404)
                return
            body, kind = found
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", _POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the address is a secret
            return

    return Handler
