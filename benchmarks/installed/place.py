"""A database of its own below a folder, brought to what this version needs; this process is set up to use it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def installation(folder: Path, **environment: str) -> Iterator[str]:
    """The address of the database, until the block ends. `environment`: further settings; they and the address are in
    that of this process, for those that it starts."""
    from keepwell.server.postgres import embedded_postgres

    with embedded_postgres(folder) as url:
        os.environ |= {"DATABASE_URL": url, "KEEPWELL_DATA_DIR": str(folder), **environment}
        from keepwell.server.processes import migrate

        migrate()
        yield url
