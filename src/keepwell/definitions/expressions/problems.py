"""What can be wrong with an expression: one problem as data, and the error that refuses a text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from keepwell.errors import InputError


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. `offset` counts characters of the text from 0 (None: the expression as a whole)."""

    message: str
    offset: int | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = f" (at character {self.offset + 1})" if self.offset is not None else ""
        hint = f"; did you mean `{self.suggestion}`?" if self.suggestion else ""
        return f"{self.message}{place}{hint}"


class ExpressionError(InputError):
    """A text that is no expression of the language. `offset` counts characters from 0; `suggestion` is the nearest
    allowed name."""

    def __init__(self, message: str, offset: int | None = None, suggestion: str | None = None) -> None:
        self.message = message
        self.offset = offset
        self.suggestion = suggestion
        super().__init__(Problem(message, offset, suggestion))


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """The allowed name that is most like `name`, whatever the case; None where none is near."""
    by_lower = {one.lower(): one for one in sorted(allowed, reverse=True)}
    found = difflib.get_close_matches(name.lower()[:200], by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
