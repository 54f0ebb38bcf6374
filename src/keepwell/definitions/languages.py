"""Texts in several languages, by the code of each (`en`, `pt-BR`); a plain text is that of the one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from keepwell.definitions.texts import Text

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
PLAIN = ""
"""Stands for the language of a text that is written without one."""


def _checked(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise ValueError(f"'{code}' is not the code of a language; write one such as en, de or pt-BR")
    return code


Language = Annotated[str, AfterValidator(_checked), Field(max_length=35, examples=["en", "de", "pt-BR"], min_length=2)]
"""The code of a language, such as `en`."""


def _by_language(value: Any) -> Any:
    if isinstance(value, str):
        return {PLAIN: value}
    if isinstance(value, dict):
        if not value:
            raise ValueError("needs the text in at least one language")
        for code in value:
            _checked(str(code)) if code != PLAIN else None
    return value


def _as_written(texts: Mapping[str, str]) -> Any:
    return texts[PLAIN] if PLAIN in texts else dict(texts)


_schema = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string", "minLength": 1, "maxLength": 5000},
            {"type": "object", "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 5000}},
        ],
        "examples": [{"en": "How was it?", "de": "Wie war es?"}],
    }
)
_Plain = Annotated[str, Field(min_length=1, max_length=5000)]
Texts = Annotated[dict[str, _Plain], BeforeValidator(_by_language), PlainSerializer(_as_written), _schema]
"""What people read, by language."""

FilledTexts = Annotated[dict[str, Text], BeforeValidator(_by_language), PlainSerializer(_as_written), _schema]
"""The same, with fields such as {account.name}."""


def in_language(texts: Mapping[str, str], language: str, default: str) -> str:
    """The text in a language, else in the default one. Definitions that were checked have every language."""
    return texts.get(language) or texts.get(default) or texts.get(PLAIN) or next(iter(texts.values()))


def best_language(wanted: Iterable[str], offered: tuple[str, ...]) -> str:
    """The first wanted language that is offered, `de` also for `de-AT` and the other way round; else the first offered.

    `wanted`: codes in order of preference, as a browser or a person's record gives them.
    """
    by_code = {code.lower(): code for code in offered}
    for one in (code.lower().replace("_", "-") for code in wanted):
        if one in by_code:
            return by_code[one]
        near = (code for low, code in by_code.items() if low.split("-")[0] == one.split("-")[0])
        if (found := next(near, None)) is not None:
            return found
    return offered[0]
