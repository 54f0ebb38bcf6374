"""Calls of the API by somebody with a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.test import Client

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import PERMISSIONS, Permission, Role
from keepwell.apps.access.tokens import new_token


class Caller:
    """Somebody's token with `scopes`, by default all that their role has."""

    def __init__(self, user: User, scopes: Sequence[Permission] | None = None) -> None:
        wanted = PERMISSIONS[Role(user.role)] if scopes is None else scopes
        self.secret = new_token(user, "test", list(wanted), None)[1]
        self.client = Client(raise_request_exception=True)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        call = getattr(self.client, method)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(f"/api/v1{path}", body, content_type="application/json", headers={**self._headers(), **named})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("post", path, body, **headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def places(answer: HttpResponse) -> list[str]:
    """Where a problem says that something is wrong."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return [one["place"] for one in answer.json()["errors"]]  # type: ignore[attr-defined]
