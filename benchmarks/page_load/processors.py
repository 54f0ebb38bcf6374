"""Processor time of this process, of what it started, and of the database it talks to."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def busy_seconds() -> float:
    """Seconds so far, user and system, of all that still run; 0 where there is no /proc."""
    parents, seconds = {}, {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = entry.read_text()
        except OSError:
            continue  # it ended meanwhile
        fields = text[text.rindex(")") + 2 :].split()
        process = int(entry.parent.name)
        parents[process], seconds[process] = int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICK
    roots = {os.getpid(), _postmaster()}
    return sum(spent for process, spent in seconds.items() if _below(process, roots, parents))


def _postmaster() -> int:
    """The database's first process, whose number stands in its folder."""
    found = list((Path(os.environ["KEEPWELL_DATA_DIR"]) / "postgres").glob("**/postmaster.pid"))
    return int(found[0].read_text().split()[0]) if found else -1


def _below(process: int, roots: set[int], parents: dict[int, int]) -> bool:
    while process > 1:
        if process in roots:
            return True
        process = parents.get(process, 0)
    return False
