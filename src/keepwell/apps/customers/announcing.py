"""Tells whoever acts on it that accounts came to other stages: by the name of a job, since they stand above."""

from __future__ import annotations

from collections.abc import Iterable

from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from keepwell.apps.customers.models import StageChange

ENTERED = "rules:entered"
_MOST = 1_000


def announce_stages(changes: Iterable[StageChange]) -> None:
    """In the transaction that wrote the changes."""
    ids: list[JSONValue] = [one.pk for one in changes]
    for first in range(0, len(ids), _MOST):
        app.configure_task(ENTERED).defer(change_ids=[*ids[first : first + _MOST]])
