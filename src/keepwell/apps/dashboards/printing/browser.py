"""The browser of the machine, where there is one: a page becomes a PDF or a picture, in bounded time and one at once.

It has a folder of its own for each page, reaches no host but this machine, and is ended with all that it started.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Semaphore

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS, WAITS = 45.0, 60.0
WIDTH = 1440
_TURN = Semaphore(1)
_DRAWS_FOR = 4000
"""Milliseconds that scripts of a page have, by a clock that does not wait for them."""

_FLAGS = (
    "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--no-proxy-server",
    f"--virtual-time-budget={_DRAWS_FOR}", "--run-all-compositor-stages-before-draw",
)  # fmt: skip


class NoBrowser(Exception):
    """There is none, or it did not do it in time; `why` is for the log."""


def found() -> str | None:
    """The first browser of the machine that can."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def is_busy() -> bool:
    """Whether this process prints a page now: who looks at a page does not wait in line for it."""
    if not _TURN.acquire(blocking=False):
        return True
    _TURN.release()
    return False


def printed(address: str) -> bytes:
    """The page as a PDF. Raises NoBrowser."""
    return _run(address, "page.pdf", ("--no-pdf-header-footer", "--print-to-pdf={out}"))


def pictured(address: str, height: int) -> bytes:
    """The page as a PNG, so many pixels high. Raises NoBrowser."""
    return _run(address, "page.png", (f"--window-size={WIDTH},{height}", "--screenshot={out}"))


def _run(address: str, name: str, more: Sequence[str]) -> bytes:
    program = found()
    if program is None:
        raise NoBrowser("there is no browser on this machine")
    if not _TURN.acquire(timeout=WAITS):
        raise NoBrowser("other pages are being printed")
    try:
        with TemporaryDirectory(prefix="keepwell-print-", ignore_cleanup_errors=True) as folder:
            out = Path(folder) / name
            flags = [*_FLAGS, f"--user-data-dir={folder}/profile", *(one.format(out=out) for one in more)]
            if hasattr(os, "geteuid") and os.geteuid() == 0:  # its sandbox refuses to run as root
                flags.append("--no-sandbox")
            _wait_for([program, *flags, address], folder)
            if not out.is_file() or not out.stat().st_size:
                raise NoBrowser("the browser wrote nothing")
            return out.read_bytes()
    finally:
        _TURN.release()


def _wait_for(command: list[str], folder: str) -> None:
    try:
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        raise NoBrowser(f"the browser did not start: {error}") from error
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise NoBrowser(f"the browser took longer than {SECONDS:g} seconds") from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """With everything of its session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
