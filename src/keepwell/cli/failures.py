"""From what went wrong to an exit code and a sentence: the one place where exceptions end."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable

from keepwell.cli.stopping import NobodyReads, go_on, stoppable
from keepwell.errors import EngineFault, InputError

REFUSED, DEFECT, STOPPED, UNREAD = 1, 70, 130, 141

_NO = ("", "0", "false", "no", "off")
_details = False


def show_details() -> None:
    """Defects show their traceback from now on."""
    global _details  # noqa: PLW0603 - set once, by the option that stands before all verbs
    _details = True


def guarded(command: Callable[[], object]) -> int:
    """Runs `command` to its exit code. Bad input is told in sentences; a defect shows its traceback on demand."""
    with stoppable() as stopped:
        try:
            return _flushed(command)
        except (NobodyReads, BrokenPipeError):
            _close_stdout()
            return UNREAD
        except BaseException as error:
            if stopped.signal or isinstance(error, KeyboardInterrupt):
                _say("Stopped. No file was left half-written.")
                return stopped.exit_code
            if isinstance(error, Exception):
                return _failed(error)
            raise


def _failed(error: Exception) -> int:
    if isinstance(error, InputError):
        return _refused(error)
    if isinstance(error, OSError):
        _say(system_sentence(error))
        return REFUSED
    if isinstance(error, MemoryError):
        _say("Not enough memory for this. Score fewer accounts or dates at once, or use a larger machine.")
        return REFUSED
    return _defect(error)


def system_sentence(error: OSError) -> str:
    """What the operating system refused, where, and what to do."""
    place = f"{error.filename}: " if error.filename else ""
    known = {
        errno.EACCES: "no permission; choose another place, or ask for the right to it",
        errno.EPERM: "no permission; choose another place, or ask for the right to it",
        errno.EROFS: "this place cannot be written to; choose another",
        errno.ENOSPC: "the disk is full; make room, or choose another place. Nothing was left half-written",
        errno.EDQUOT: "the disk quota is used up; make room, or choose another place. Nothing was left half-written",
        errno.ENOENT: "there is no such file or folder",
        errno.ENOTDIR: "this is a file, not a folder",
        errno.EISDIR: "this is a folder, not a file",
        errno.EEXIST: "something of this name is there already",
        errno.ENAMETOOLONG: "this name is too long",
    }
    said = known.get(error.errno or 0, error.strerror or str(error) or type(error).__name__)
    return f"{place}{said}."


def _flushed(command: Callable[[], object]) -> int:
    try:
        command()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else REFUSED
        if code == STOPPED:
            raise KeyboardInterrupt from None
    sys.stdout.flush()
    go_on()
    return code


def _refused(refused: InputError) -> int:
    from keepwell.cli.terminal.problems import print_problems
    from keepwell.cli.terminal.terminal import on_stderr

    print_problems(on_stderr(), refused.problems, refused.notes)
    return REFUSED


def _defect(error: Exception) -> int:
    if _details or os.environ.get("KEEPWELL_TRACEBACK", "").lower() not in _NO:
        traceback.print_exception(error)
    what = str(error).splitlines()[0][:300] if isinstance(error, EngineFault) and str(error) else type(error).__name__
    _say(
        f"This is a defect of Keepwell, not of your input ({what}). "
        "For the details to report, run it again with KEEPWELL_TRACEBACK=1, or as 'keepwell --debug ...'."
    )
    return DEFECT


def _say(sentence: str) -> None:
    from keepwell.cli.terminal.wording import printable

    print(printable(sentence), file=sys.stderr)


def _close_stdout() -> None:
    """Python flushes stdout when it ends; into nothing, then, instead of into the closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
