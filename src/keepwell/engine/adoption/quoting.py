"""Texts and names inside statements of SQL: what people wrote never ends its quotes."""

from __future__ import annotations


def text(value: str) -> str:
    """A text as a literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """The name of a column or table."""
    return '"' + value.replace('"', '""') + '"'


def like(pattern: str) -> str:
    """A pattern with * as the right side of LIKE, with its escape."""
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{text(escaped.replace('*', '%'))} escape '\\'"
