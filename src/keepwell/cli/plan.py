"""keepwell plan: what publishing a folder on a running server would change."""

from __future__ import annotations

from keepwell.cli.arguments import Folder
from keepwell.cli.server import Base, Server, Token


def plan(folder: Folder, server: Server, token: Token, base: Base = None) -> None:
    """Show what publishing these definitions on a server would change, and whom it would move. Nothing is written."""
    from keepwell.apps.configuration.projects import files_of
    from keepwell.cli.server import Connection, base_of
    from keepwell.cli.terminal.planning import print_plan
    from keepwell.cli.terminal.terminal import on_stdout
    from keepwell.definitions import load_project
    from keepwell.definitions.issues import Issue
    from keepwell.errors import DefinitionsRefused

    load_project(folder)  # what is wrong here needs no server to be told
    known = base_of(folder, base)
    found = Connection(server, token).ask("definitions/plan", {"files": files_of(folder), "base": known})
    if found["issues"]:
        raise DefinitionsRefused(*(Issue(**one) for one in found["issues"]))
    print_plan(on_stdout(), found)
