"""Runs the commands of a page in a new folder, and compares what they print with what the page shows.

Blocks of `sh` and `python` are run from top to bottom; a YAML or CSV block with the name of a file in its first line is
written there; a block of `text` after commands is what they print, and a line of `...` in it stands for any lines. To
write a page anew:

    python -m tests.docs.running docs/start.md
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import ROOT, Block, blocks

_WIDTH = "100"


@dataclass(frozen=True)
class Shown:
    """What a page shows of an output, and what was printed."""

    block: Block
    printed: str

    @property
    def agrees(self) -> bool:
        parts = re.split(r"^\.\.\.\n", self.block.text, flags=re.M)
        pattern = r"(?:.*\n)*?".join(re.escape(part) for part in parts)
        return re.fullmatch(pattern, self.printed) is not None


def run_page(page: Path, folder: Path) -> Iterator[Shown]:
    """Raises AssertionError where a command ends otherwise than the page says (with success, unless it is marked)."""
    printed: str | None = None
    for block in blocks(page):
        if block.language == "sh" and block.mark != "not run":
            printed = run_commands(block.text, folder, int(block.mark.removeprefix("exit: ") or 0))
        elif block.language == "python" and block.mark != "not run":
            printed = run_commands(f"python - <<'END'\n{block.text}END\n", folder)
        elif block.language == "text" and printed is not None and block.mark != "demo":
            yield Shown(block, printed)
            printed = None
        elif block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            text = block.text if block.language == "yaml" else block.text.partition("\n")[2]
            (folder / block.file).write_text(text, "utf-8")


def run_commands(commands: str, folder: Path, code: int = 0) -> str:
    """What they print. Raises AssertionError where they do not end with `code`."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder), "COLUMNS": _WIDTH, "LANG": "C.UTF-8", "TZ": "UTC"}
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == code, f"{commands}{ran.stdout}"
    return "".join(f"{line.rstrip()}\n" for line in ran.stdout.splitlines())


def write_anew(page: Path) -> None:
    """Puts what the commands print now into the page; outputs that are shown in parts are left as they are."""
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        shown = list(run_page(page, Path(folder)))
    for one in reversed(shown):
        if "...\n" in one.block.text and not one.agrees:
            print(f"mend by hand:\n{one.block.text}\nprinted:\n{one.printed}")
        elif not one.agrees:
            text = text[: one.block.start] + one.printed + text[one.block.end :]
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_anew(ROOT / name)
