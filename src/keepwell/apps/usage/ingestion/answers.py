"""Answers as the clients understand them: exactly 200 for what is safe, and a code and words for everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from keepwell.apps.usage.ingestion.refusals import RequestNotTaken
from keepwell.apps.usage.ingestion.wire import write

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Headers = list[tuple[str, str]]
JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    """One write: with the length in its headers the server sends everything at once."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Headers = field(default_factory=list)

    def send(self, start_response: StartResponse, more: Headers) -> list[bytes]:
        headers = [("Content-Length", str(len(self.body))), ("X-Content-Type-Options", "nosniff")]
        if self.body:
            headers.append(("Content-Type", self.content_type))
        start_response(f"{self.status} {HTTPStatus(self.status).phrase}", [*headers, *self.headers, *more])
        return [self.body]


TAKEN = Answer(200, b'{"success":true}')
PERMITTED = Answer(204)


def refusal(error: RequestNotTaken) -> Answer:
    """Some clients read `code` and `message` of every error, and fail where they are missing."""
    body = write({"success": False, "code": error.code, "message": error.message})
    return Answer(error.status, body, headers=[("Retry-After", str(error.after))] if error.after else [])
