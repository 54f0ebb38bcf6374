"""Text from elsewhere made safe to print, and lists as sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LONGEST = 1_000


def printable(text: str, longest: int = _LONGEST) -> str:
    """One line without control characters, which could drive the terminal; cut where it is very long."""
    if len(text) > longest:
        text = f"{text[:longest]}... ({len(text) - longest:,} more characters)"
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
        return character.encode("unicode_escape").decode("ascii")
    return character


def spoken(name: str) -> str:
    """A definition's name as words: seat_utilisation, seat utilisation."""
    return name.replace("_", " ")


def titled(title: str | None, name: str) -> str:
    """The title somebody gave it, else its name in words."""
    return printable(title) if title and title != name else sentence(spoken(name))


def within(title: str) -> str:
    """A title in the middle of a sentence: lower case, but for abbreviations such as NPS and CSM's."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """1 account, 2 accounts, 1,200 accounts."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def joined(words: Iterable[str], last: str = "and") -> str:
    every = list(words)
    return f" {last} ".join(filter(None, [", ".join(every[:-1]), *every[-1:]]))


def cut(text: str, width: int, more: str = "…") -> str:
    return text if len(text) <= width else text[: max(width - len(more), 0)].rstrip() + more
