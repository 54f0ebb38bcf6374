"""How a text is read before anything is asked of it: bounded, in one spelling of Unicode, as words."""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 4_000
"""Only the beginning of a longer text is read: what judges it may take time by the square of its length."""

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
"""Kana, Han and Hangul, which are written without blanks, or with words glued together."""


def readable(text: str | None) -> str:
    """The text as it is judged: NFC, blanks trimmed, its first `MOST_CHARACTERS` characters; "" where there is none."""
    if not text:
        return ""
    head = text.lstrip()[:MOST_CHARACTERS].replace("\0", " ")
    return unicodedata.normalize("NFC", head).strip()


def words(text: str) -> list[str]:
    """Words of a readable text in lower case; of scripts without blanks, every two neighbouring characters."""
    found: list[str] = []
    for one in _WORD.findall(text.replace("’", "'").casefold()):
        found.extend(_pairs(one) if _UNSPACED.search(one) else [one])
    return found


def is_unspaced(text: str) -> bool:
    """Whether any of it is written without blanks between words."""
    return _UNSPACED.search(text) is not None


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
