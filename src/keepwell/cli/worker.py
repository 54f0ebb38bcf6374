"""keepwell worker: the jobs of an installation."""

from __future__ import annotations


def worker() -> None:
    """Do jobs (runs, mail, reminders) until stopped; needs DATABASE_URL."""
    from keepwell.server.processes import work

    work()
