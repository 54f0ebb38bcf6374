"""Endpoints whose body is a file: they read it piece by piece, and nobody before them does."""

from __future__ import annotations

from django.http import HttpRequest

_PATHS: set[str] = set()


def streams_body(path: str) -> None:
    """A POST to this path is read by its endpoint alone, which says what is too large."""
    _PATHS.add(path)


def is_streamed(request: HttpRequest) -> bool:
    return request.method == "POST" and request.path in _PATHS
