"""Refusals that belong to a field of a form or of the API."""

from __future__ import annotations

from keepwell.errors import RequestRefused


class FieldRefused(RequestRefused):
    """`field`: what is wrong with what was said."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


def refuse_name(name: str) -> None:
    """Names stand in addresses and on the command line."""
    plain = name.replace("_", "").replace("-", "")
    if not (plain.isascii() and plain.isalnum() and name[0].isalpha() and name == name.lower() and len(name) <= 60):
        raise FieldRefused(f"'{name}' is no name: use small letters, digits, '-' and '_', a letter first", "name")
