"""Tables as Arrow files of the data folder: a file appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from keepwell.whole_files import whole


def write_whole(path: Path, table: pa.Table) -> None:
    """In the place of what is there; folders are made. A reader sees the old table or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as unfinished:
        _write(table, unfinished)


def _write(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_whole(path: Path) -> pa.Table:
    """Mapped, not copied. Raises FileNotFoundError where there is none."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
