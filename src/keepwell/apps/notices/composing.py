"""Letters that are written when they are sent: apps above this one register how, and hear what became of them.

What a letter says is never kept: it may hold a link that lets whoever has it answer for somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Attachment:
    """`kind`: such as text/csv."""

    name: str
    content: bytes
    kind: str


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Composer:
    """`compose(about)`: the letter; None where it is not wanted any more. `sent(about, at)`: the mail server has taken
    it. `refused(about, to, words)`: it never will, for that address. `given_up(about, words)`: it was tried as often as
    letters are, which says nothing of the address. The last three run in the transaction that notes it.
    """

    compose: Callable[[str], Letter | None]
    sent: Callable[[str, datetime], None]
    refused: Callable[[str, str, str], None]
    given_up: Callable[[str, str], None] | None = None


_composers: dict[str, Composer] = {}


def register_composer(name: str, composer: Composer) -> None:
    """`name` is what `Mail.composer` says."""
    _composers[name] = composer


def composer_of(name: str) -> Composer | None:
    """None where the app that wrote it is not there any more."""
    return _composers.get(name)
