"""What operations refuse about their input: told beside the field."""

from __future__ import annotations

from keepwell.errors import RequestRefused


class FieldRefused(RequestRefused):
    """`field` is what was wrong; the message says what is allowed."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)
