"""Texts with fields: `{name}` stands for a value of the account that the text is written for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")


def fields_in(text: str) -> tuple[str, ...]:
    """The names between braces, each once, in their order."""
    return tuple(dict.fromkeys(name for name in _pieces(text) if name is not None))


def fill(text: str, value_of: Callable[[str], str]) -> str:
    """The text with each field replaced by what `value_of` says for its name; doubled braces are braces."""
    return _FIELD.sub(lambda found: value_of(found[1]) if found[1] is not None else found[0][0], text)


def _pieces(text: str) -> Iterator[str | None]:
    return (found[1] for found in _FIELD.finditer(text))


def _checked(text: str) -> str:
    for found in _FIELD.finditer(text):
        if found[0] in ("{", "}"):
            raise ValueError(
                f"a brace stands alone near '{text[max(0, found.start() - 10) : found.start() + 10]}'; a field is "
                "written {name}, and braces themselves are doubled: {{ and }}"
            )
        if found[1] is not None and not _NAME.fullmatch(found[1]):
            raise ValueError(f"'{found[0][:60]}' is no field; write a name between braces, such as {{score}}")
    return text


Text = Annotated[str, Field(min_length=1, max_length=5000), AfterValidator(_checked)]
"""Text in which {name} stands for a value."""
