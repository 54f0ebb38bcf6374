"""A process that dies before a statement is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Killed(BaseException):
    """The process is gone: nothing of ours handles it."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """The process dies before it sends the statement of this number, counted from 1."""
    sent = 0

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == statement:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def is_cut(work: Callable[[], object], statement: int) -> bool:
    """Whether the work was killed at that statement; else it came to its end before."""
    try:
        with killed_at(statement):
            work()
    except Killed:
        return True
    return False
