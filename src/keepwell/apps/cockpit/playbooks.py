"""Playbooks in force, with their versions."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.definitions.playbooks import Playbook
from keepwell.errors import FieldRefused

_SHORT = 12


@dataclass(frozen=True)
class InForce:
    """A playbook as it was published last; `version` is the beginning of its hash."""

    name: str
    version: str
    book: Playbook

    @property
    def title(self) -> str:
        return self.book.title or self.name.replace("_", " ").capitalize()


def in_force() -> dict[str, InForce]:
    """By name, in the order of their titles."""
    version = current_version()
    if version is None:
        return {}
    books = project_of(version.files).playbooks
    found = [InForce(name, version.hashes["playbooks"][name][:_SHORT], book) for name, book in books.items()]
    return {one.name: one for one in sorted(found, key=lambda one: one.title.lower())}


def fitting(call_type: str) -> list[InForce]:
    """Those that calls of a type may have."""
    return [one for one in in_force().values() if one.book.call_type in (None, call_type)]


def playbook_named(name: str, call_type: str) -> InForce:
    """Raises FieldRefused for one that is not in force, or for calls of another type."""
    books = in_force()
    if name not in books:
        there = ", ".join(books) or "none is published"
        raise FieldRefused("playbook", f"there is no playbook '{name}'; there are: {there}")
    found = books[name]
    if found.book.call_type not in (None, call_type):
        raise FieldRefused("playbook", f"{found.title} is for calls of the type {found.book.call_type}")
    return found
