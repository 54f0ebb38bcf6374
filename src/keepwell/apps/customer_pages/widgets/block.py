"""What a widget of a page for customers is, and what it says. To add one: a file here with a WIDGET, its line in
`widgets/__init__`, and its words in `words/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from keepwell.apps.access.actors import System
from keepwell.apps.adoption.asking import NothingSaysWho, Scope, scope_of
from keepwell.apps.customer_pages.models import Content
from keepwell.apps.customer_pages.words import day_in, number_in, said
from keepwell.apps.customers.models import Account

READER = System("page for the customer", origin="customer page")
"""Reads of one account alone: a customer never sees figures of others, nor of all of them together."""


@dataclass(frozen=True)
class Item:
    """One thing of a list; `state` is a word of style (open, achieved, missed), `label` what people read for it."""

    text: str
    state: str = ""
    label: str = ""
    note: str = ""


@dataclass(frozen=True)
class Block:
    """The figures of a widget as words in one language: what a page shows, and what is kept of it.

    `bars`: for each row how long its bar is, 0..100, of the last column. `numbers`: columns of numbers, by place.
    """

    name: str
    title: str
    text: str = ""
    figures: Sequence[tuple[str, str]] = ()
    progress: tuple[int, int] | None = None
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: Sequence[int] = ()
    bars: Sequence[int] = ()
    points: Sequence[Item] = ()
    failed: bool = False


@dataclass(frozen=True)
class Given:
    """What a widget makes its block of."""

    account: Account
    content: Content
    language: str
    today: date

    @cached_property
    def scope(self) -> Scope | None:
        """Of this account alone; None where no dataset says who uses what."""
        try:
            found = scope_of(READER, account=self.account.pk)
        except NothingSaysWho:
            return None
        return found if found.accounts else None

    def said(self, word: str, **values: object) -> str:
        return said(word, self.language, **values)

    def day(self, day: date) -> str:
        return day_in(self.language, day)

    def number(self, number: float) -> str:
        return number_in(self.language, number)

    def nothing(self, name: str) -> Block:
        return Block(name, self.said(name), self.said("nothing"))


@dataclass(frozen=True)
class Widget:
    """`title` and `help` are for whoever chooses."""

    name: str
    title: str
    help: str
    gather: Callable[[Given], Block]
