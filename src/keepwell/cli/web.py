"""keepwell web: pages and API of an installation."""

from __future__ import annotations

from typing import Annotated

import typer


def web(
    port: Annotated[int, typer.Option("--port", help="The port to answer on.")] = 8000,
    host: Annotated[str, typer.Option("--host", help="The address to answer on; 0.0.0.0 for all.")] = "127.0.0.1",
    processes: Annotated[int, typer.Option("--processes", help="So many processes share the work.")] = 2,
) -> None:
    """Answer pages and the API; needs DATABASE_URL."""
    from keepwell.server.processes import serve_web

    serve_web(host=host, port=port, processes=processes)
