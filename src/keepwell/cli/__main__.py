"""`python -m keepwell.cli`, for places where the `keepwell` script is not on the path."""

from __future__ import annotations

from keepwell.cli import main

if __name__ == "__main__":
    main()
