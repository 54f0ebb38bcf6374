"""keepwell migrate: the database as this version needs it."""

from __future__ import annotations


def migrate() -> None:
    """Bring the database to what this version needs; needs DATABASE_URL. `keepwell serve` does it by itself."""
    from keepwell.server import processes

    processes.migrate()
    print("The database is what this version needs.")
