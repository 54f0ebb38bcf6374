"""Whoever wants to hear of events as they come: apps above register, and are told before a batch is in the lake."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

Listener = Callable[[int, pa.Table], None]
"""Gets the number of the batch and its events. A batch that is repeated is told again under its number."""

_LISTENERS: list[Listener] = []


def register_listener(listener: Listener) -> None:
    _LISTENERS.append(listener)


def tell(number: int, events: pa.Table) -> None:
    for listener in _LISTENERS:
        listener(number, events)
