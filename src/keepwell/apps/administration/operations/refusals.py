"""What an operation refuses, with the field that it is about."""

from __future__ import annotations

from keepwell.errors import RequestRefused


class FieldRefused(RequestRefused):
    """`field`: where a form says so; None for the whole of it."""

    def __init__(self, problem: str, field: str | None = None) -> None:
        super().__init__(problem)
        self.field = field
