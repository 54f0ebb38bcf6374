"""The way in, in this process, with the database of the tests: what is posted, what is answered, what is committed."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.apps.usage.ingestion.application import Ingestion, Limits
from keepwell.apps.usage.ingestion.connecting import Connection

KEY = "wk_test"
TABLES = ("usage_inbox", "usage_quarantined", "usage_reception", "usage_writekey")


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


class Rows:
    """The tables that events come into, seen by a connection of its own: it sees what is committed, nothing else."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def empty(self) -> None:
        self.connection.execute(f"truncate {', '.join(TABLES)} cascade")

    def add_key(
        self, key: str = KEY, name: str = "Tested", origins: Sequence[str] = (), properties: Sequence[str] = ()
    ) -> int:
        row = self.connection.execute(
            "insert into usage_writekey (name, key, origins, properties, created_at) values (%s, %s, %s, %s, now()) "
            "returning id",
            (name, key, list(origins), list(properties)),
        ).fetchone()
        assert row
        return int(row[0])

    def requests(self) -> list[list[dict[str, Any]]]:
        """The stored messages of every row of the inbox, in the order of arrival."""
        rows = self.connection.execute("select messages, body from usage_inbox order by id").fetchall()
        found = [json.loads(bytes(body)) for _, body in rows]
        assert [number for number, _ in rows] == [len(one) for one in found]
        return found

    def stored(self) -> list[dict[str, Any]]:
        return [message for one in self.requests() for message in one]

    def refused(self) -> list[tuple[str, str, str, str]]:
        """Reason, words, message id and text of what is in quarantine."""
        rows = self.connection.execute("select reason, words, message_id, message from usage_quarantined order by id")
        return [(row[0], row[1], row[2], row[3]) for row in rows.fetchall()]

    def reasons(self) -> list[str]:
        return [one[0] for one in self.refused()]


class Box(Rows):
    """`ingestion` as a web process has it."""

    def __init__(self, connection: Connection, limits: Limits | None = None) -> None:
        super().__init__(connection)
        self.ingestion = Ingestion("https://health.example.com", limits or Limits())

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_: object) -> None:
        self.ingestion.close()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answered:
        """`headers` as WSGI names them, without HTTP_."""
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(body)}
        environ |= {"CONTENT_LENGTH": str(len(body)), **{f"HTTP_{name}": said for name, said in headers.items()}}
        told: list[tuple[int, dict[str, str]]] = []

        def start(status: str, sent: list[tuple[str, str]]) -> None:
            told.append((int(status[:3]), dict(sent)))

        parts = self.ingestion(environ, start)
        assert len(parts) == 1, "head and body leave in one write"
        assert told[0][1]["Content-Length"] == str(len(parts[0]))
        return Answered(told[0][0], told[0][1], parts[0])

    def post(self, path: str, sent: Any, *, key: str | None = KEY, **headers: str) -> Answered:
        """`sent` as JSON, with the key as the user of Basic authorization."""
        if key is not None:
            headers["AUTHORIZATION"] = basic(key)
        return self.ask("POST", path, sent if isinstance(sent, bytes) else json.dumps(sent).encode(), **headers)

    def send(self, *messages: dict[str, Any], **beside: Any) -> Answered:
        """As a batch."""
        return self.post("/v1/batch", {"batch": list(messages), **beside})


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def track(**fields: Any) -> dict[str, Any]:
    """A message that is accepted, but for what `fields` make of it."""
    return {"type": "track", "event": "Opened", "userId": "user-1", "messageId": "m-1", **fields}
