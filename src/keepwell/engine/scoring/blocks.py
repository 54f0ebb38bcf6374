"""Work over rows in blocks that fit the processor's cache, on as many threads as there are cores.

NumPy lets go of Python's lock while it computes. Every element is computed from its own row alone and in the same
order of operations, so neither the size of the blocks nor the number of threads changes a bit of the result.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Task = TypeVar("Task")

BLOCK_ROWS = 16_384
"""128 KiB for each vector of float64: a dozen of them fit a core's second cache; smaller ones pay more for each
call.
"""

_WORTH_THREADS = 4 * BLOCK_ROWS


def over_blocks(
    work: Callable[[slice], None], rows: int, *, block: int = BLOCK_ROWS, threads: int | None = None
) -> None:
    """Calls `work` once for each block of rows; it writes its own rows of shared arrays. Raises what `work` raises."""
    blocks = [slice(start, min(start + block, rows)) for start in range(0, rows, block)]
    each(work, blocks, threads=threads or threads_for(rows))


def each(work: Callable[[Task], None], tasks: Iterable[Task], *, threads: int | None = None) -> None:
    """Calls `work` once for each task, on `threads` threads (the machine's cores unless said)."""
    waiting = list(tasks)
    count = min(threads or _cores(), len(waiting))
    if count <= 1:
        for task in waiting:
            work(task)
        return
    with ThreadPoolExecutor(count) as pool:
        for _ in pool.map(work, waiting):
            pass


def threads_for(rows: int) -> int | None:
    """One thread where there is little to do, else as many as there are cores (None)."""
    return 1 if rows < _WORTH_THREADS else None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
