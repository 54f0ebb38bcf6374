"""Who is erased here is erased everywhere: apps above this one register what they hold of people."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

Forgetter = Callable[[UUID, Collection[str]], None]
"""Takes the key of a person and their addresses."""

_forgetters: dict[str, Forgetter] = {}


def register_forgetter(name: str, forget: Forgetter) -> None:
    """`forget` runs in the transaction of the erasure, before what tells who it was is deleted."""
    _forgetters[name] = forget


def forget_everywhere(key: UUID, addresses: Collection[str]) -> None:
    for forget in _forgetters.values():
        forget(key, addresses)
