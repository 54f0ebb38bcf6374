"""Where the lake lies on disk: tables by name below one folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from keepwell.errors import RequestRefused
from keepwell.lake.tables import FileLock, LakeTable, TableLayout, WriterLock

FACTS = "facts/"
"""The tables of datasets: facts/<dataset>."""

IDENTITY = "identity"
_NAME = re.compile(r"[a-z][a-z0-9_.]*(/[a-z][a-z0-9_.]*)*")


class Lake:
    """Tables such as `facts/<dataset>`, `history/scores`, `history/values`, `identity` below `root`.

    `lock` makes the writer's lock of a table from its name; by default a file lock in the table's folder.
    """

    def __init__(self, root: Path, *, lock: Callable[[str], WriterLock] | None = None) -> None:
        self.root = root
        self._lock = lock or (lambda name: FileLock(root / name / "_writer.lock"))

    def table(self, name: str, layout: TableLayout | None = None) -> LakeTable:
        """A table by name, whether it was written yet or not; `layout` counts for the first write alone.

        Raises RequestRefused for a name that is not lower snake_case parts joined by '/'.
        """
        if not _NAME.fullmatch(name) or ".." in name:
            raise RequestRefused(f"'{name}' is no name of a table; use lower snake_case such as facts/tickets")
        return LakeTable(self.root / name, layout=layout, lock=self._lock(name))

    def facts(self, dataset: str, table: str | None = None) -> LakeTable:
        """The rows of a dataset: the table that its definition names, where the lake has it, else facts/<dataset>."""
        if table is not None and _NAME.fullmatch(table) and ".." not in table:
            named = self.table(FACTS + table)
            if named.exists:
                return named
        return self.table(FACTS + dataset)

    def names(self) -> list[str]:
        """The tables that were written, in order."""
        logs = self.root.rglob("_delta_log") if self.root.is_dir() else ()
        return sorted(log.parent.relative_to(self.root).as_posix() for log in logs)
