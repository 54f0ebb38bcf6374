"""A file appears under its name when it is complete, and never before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keepwell import whole_files
from keepwell.cli.stopping import go_on
from keepwell.errors import RequestRefused


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to; it takes its name when the block ends well, and is removed when it does not.

    Raises RequestRefused where the folder does not exist, or `path` is one.
    """
    refuse_place(path)
    with whole_files.whole(path) as unfinished:
        yield unfinished
        go_on()


def refuse_place(path: Path) -> None:
    """Before long work: raises RequestRefused where nothing can be written under this name."""
    if path.is_dir():
        raise RequestRefused(f"{path} is a folder; name a file")
    if not path.parent.is_dir():
        raise RequestRefused(f"there is no folder {path.parent}; make it first, or choose another place")
    if not os.access(path.parent, os.W_OK):
        raise RequestRefused(f"no permission to write in {path.parent}; choose another place")


def write_text(path: Path, text: str) -> None:
    with whole(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
