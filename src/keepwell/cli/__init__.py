"""The command line: one file a verb, and in `terminal/` what they print with."""

from __future__ import annotations

import sys


def main() -> None:
    """The `keepwell` command. Exit codes: 0 success, 1 refused definitions or input, 2 wrong usage, 70 our own defect,
    130 stopped by the user, 141 nobody reads the output any more."""
    from keepwell.cli.app import run

    sys.exit(run(sys.argv[1:]))
