"""Where we print: the console, how wide it is, and which characters it can show."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from io import TextIOWrapper

from rich.console import Console, RenderableType
from rich.text import Text

from keepwell.cli.stopping import NobodyReads
from keepwell.cli.terminal.glyphs import ASCII, UNICODE, Glyphs

PIPE_WIDTH = 120
"""In a pipe there is no width to ask for; COLUMNS overrides it."""
NARROWEST, ROOMY = 60, 116
"""Below ROOMY bars and lines are drawn shorter, and dates stand alone."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise NobodyReads


@dataclass(frozen=True)
class Terminal:
    """One stream we print to."""

    console: Console
    glyphs: Glyphs

    @property
    def width(self) -> int:
        return max(self.console.width, NARROWEST)

    @property
    def is_roomy(self) -> bool:
        return self.width >= ROOMY

    @property
    def is_watched(self) -> bool:
        """A person looks on: progress may be shown."""
        return self.console.is_terminal

    def print(self, *what: RenderableType) -> None:
        for one in what:
            self.console.print(one)

    def line(self, text: str | Text = "", style: str = "") -> None:
        """One line however long it is; the terminal wraps it, a file keeps it whole."""
        self.console.print(Text(text, style) if isinstance(text, str) else text, soft_wrap=True)

    def paragraph(self, text: Text | str, style: str = "") -> None:
        """Sentences, folded between words."""
        self.console.print(Text(text, style) if isinstance(text, str) else text, width=self.width)

    def heading(self, text: str, note: str = "") -> None:
        self.line()
        self.line(Text.assemble((text, "bold"), ("   " if note else "", ""), (note, "dim")))


def on_stdout() -> Terminal:
    return _terminal(stderr=False)


def on_stderr() -> Terminal:
    return _terminal(stderr=True)


def _terminal(*, stderr: bool) -> Terminal:
    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")  # a name that the terminal cannot show is no reason to fail
    width = None if stream.isatty() or os.environ.get("COLUMNS", "").isdigit() else PIPE_WIDTH
    console = _Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)
    return Terminal(console, UNICODE if console.encoding.startswith("utf") else ASCII)
