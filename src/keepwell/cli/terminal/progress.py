"""Progress of long work: on a terminal while it lasts, in a pipe not at all. It goes to stderr and leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from keepwell.cli.stopping import go_on
from keepwell.cli.terminal.terminal import on_stderr


class Advance(Protocol):
    def __call__(self, done: int, note: str = "") -> None: ...


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Advance]:
    """A bar with `total` steps, or a spinner; call what it gives with the number of steps done."""
    terminal = on_stderr()
    if not terminal.is_watched:
        yield _silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    counts = [BarColumn(bar_width=30), MofNCompleteColumn()] if total else [SpinnerColumn()]
    columns = [TextColumn("{task.description}"), *counts, TimeElapsedColumn()]
    with Progress(*columns, console=terminal.console, transient=True) as shown:
        task = shown.add_task(what, total=total)

        def advance(done: int, note: str = "") -> None:
            go_on()
            shown.update(task, completed=done, description=f"{what} {note}".rstrip())

        yield advance


def _silent(done: int, note: str = "") -> None:  # noqa: ARG001 - as the other one is called
    """Nobody looks on; the work can still be stopped."""
    go_on()


def of_total(advance: Advance) -> Callable[[int, int], None]:
    """Progress of work that says itself how much there is to do."""
    return lambda done, total: advance(done, f"{done} of {total}")
