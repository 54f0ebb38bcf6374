"""Several workers at the same work at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connections


def at_once(work: Callable[[], object], workers: int = 3) -> list[BaseException]:
    """What went wrong in any of them, each with connections of its own; all have ended."""
    wrong: list[BaseException] = []

    def one() -> None:
        try:
            work()
        except BaseException as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
