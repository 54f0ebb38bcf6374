"""The demo's company inside the application, with its progress and the people one can sign in as."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from rich.console import Console

_WHAT = {"csm": "works her accounts", "manager": "leads the team, changes the model", "admin": "manages people"}


def ready_application(console: Console, *, accounts: int, seed: int, end: date) -> list[str]:
    """Makes the company where it is not there yet. Returns what to print about signing in."""
    from keepwell.server.demo import PASSWORD, make_ready

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        shown: dict[str, TaskID] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in shown:
                shown[step] = bars.add_task(step, total=total)
                if not console.is_terminal:
                    console.print(step)
            bars.update(shown[step], completed=done, total=total)

        people = make_ready(accounts=accounts, seed=seed, end=end, progress=progress)
    width = max(len(one.email) for one in people)
    lines = [f"  {one.email:<{width}}  {one.name}, {_WHAT[one.role]}" for one in people]
    return [f"Sign in with the password {PASSWORD} as", *lines]
