"""Files that appear whole or not at all, however many write the same one at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place of the writer's own beside `path`, put in its place at the end; removed when anything fails.

    The name is new each time: two writers of one process or of two would otherwise take each other's file away.
    """
    unfinished = path.with_name(f".{path.name}.{uuid4().hex}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
