"""An installation from nothing to pages that answer."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from keepwell.server.address import answering_at
from keepwell.server.environment import check_environment
from keepwell.server.processes import migrate
from keepwell.server.supervisor import children, database, supervise, wait_until_alive

DEFAULT_FOLDER = Path("keepwell-data")


def run_installation(
    data_dir: Path, *, port: int, browser: bool, prepare: Callable[[Console], list[str]] | None = None
) -> None:
    """Database, migrations, what `prepare` adds (it returns lines to print), then web and worker until stopped.

    Without `prepare` it says how the first person comes in, where nobody has yet.
    """
    console = Console(highlight=False)
    url = f"http://localhost:{port}"
    os.environ.setdefault("KEEPWELL_URL", url)
    check_environment({**os.environ, "KEEPWELL_DATA_DIR": str(data_dir)}, own_database=True)
    with database(data_dir):
        migrate()
        lines = prepare(console) if prepare else first_steps(data_dir)

        def ready() -> None:
            wait_until_alive(f"http://127.0.0.1:{port}")
            console.print(f"\n[bold]Keepwell answers at {url}[/bold]")
            for line in lines:
                console.print(line)
            console.print("[dim]Ctrl-C stops it.[/dim]")
            if browser:
                webbrowser.open(url)

        with answering_at(url, data_dir):
            supervise(children(port), ready)
    console.print("Stopped.")


def first_steps(data_dir: Path) -> list[str]:
    """What to type next in an installation where nobody can sign in."""
    from keepwell.apps.access.models import User

    if User.objects.exists():
        return []
    folder = "" if data_dir == DEFAULT_FOLDER else f" --data-dir {data_dir}"
    return ["Nobody can sign in yet. In another terminal, from here:", f"  keepwell admin you@example.com{folder}"]
