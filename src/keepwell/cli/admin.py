"""keepwell admin: the first person who may let others in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def admin(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The address of the person.")],
    name: Annotated[str, typer.Option("--name", help="Their name, where they are new.")] = "",
    data_dir: Annotated[
        Path, typer.Option("--data-dir", metavar="DIR", help="The folder of the installation, as in keepwell serve.")
    ] = Path("keepwell-data"),
) -> None:
    """Make somebody an admin, and print a link by which they set a password."""
    from keepwell.server.appointing import appoint

    print(f"{email} is an admin. A password is set here, once:\n{appoint(data_dir, email=email, name=name)}")
