"""A running server, as plan and apply ask it: its API with a token, and its refusals in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import typer

from keepwell.errors import DefinitionsRefused, RequestRefused

Server = Annotated[
    str,
    typer.Option(
        "--server", metavar="URL", envvar="KEEPWELL_SERVER", help="The address of the server.", show_default=False
    ),
]
Token = Annotated[
    str,
    typer.Option(
        "--token",
        metavar="TOKEN",
        envvar="KEEPWELL_TOKEN",
        help="An API token of somebody who may configure, with the scope configure.",
        show_default=False,
    ),
]
Base = Annotated[
    int | None,
    typer.Option(
        "--base",
        metavar="NUMBER",
        min=1,
        help="The version that these definitions were begun from; what FOLDER/.keepwell-base says unless given.",
        show_default=False,
    ),
]
BASE_FILE = ".keepwell-base"
"""Beside the definitions: the version that was applied from this folder last. It belongs into Git with them."""
_PATIENCE = 300


class NotThere(RequestRefused):
    """What was asked for is not there, or not for the one who asks."""


@dataclass(frozen=True)
class Connection:
    """Raises RequestRefused where the server cannot be asked, or refuses; DefinitionsRefused with all its issues."""

    address: str
    token: str

    def ask(self, path: str, sent: Mapping[str, Any] | None = None) -> Any:
        """The answer as plain values; `sent` is posted as JSON."""
        if urlsplit(self.address).scheme not in ("http", "https"):
            raise RequestRefused(f"'{self.address}' is no address of a server; give one such as https://health.example")
        body = None if sent is None else json.dumps(sent).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = Request(f"{self.address.rstrip('/')}/api/v1/{path}", body, headers)
        try:
            with urlopen(request, timeout=_PATIENCE) as answer:
                return json.load(answer)
        except HTTPError as error:
            with error:
                raise self._refusal(error.code, error.read()) from None
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise RequestRefused(f"{self.address} cannot be reached: {reason}; does the server run?") from None
        except ValueError:
            raise RequestRefused(f"{self.address} does not answer as Keepwell does; is the address right?") from None

    def _refusal(self, status: int, body: bytes) -> Exception:
        from keepwell.definitions.issues import Issue

        try:
            said = json.loads(body)
        except ValueError:
            said = {}
        if not isinstance(said, dict):
            said = {}
        if said.get("issues"):
            return DefinitionsRefused(*(Issue(**{key: one[key] for key in ("file", "line", "path", "message")})
                                        for one in said["issues"]))  # fmt: skip
        if status == 401:
            return RequestRefused("the server does not know this token; make one on your page of API tokens")
        if status == 404:
            return NotThere(f"{self.address} has no such version, or is no Keepwell server")
        return RequestRefused(str(said.get("detail") or f"the server answered {status}; look at its log"))


def base_of(folder: Path, given: int | None) -> int | None:
    """The version that the definitions were begun from; None where nothing says it."""
    file = folder / BASE_FILE
    if given is not None or not file.exists():
        return given
    text = file.read_text(encoding="utf-8").strip()
    if not text.isdigit():
        raise RequestRefused(f"{file} holds no number of a version; mend it, or give --base")
    return int(text)
