"""Libraries of the extra `keepwell[learning]`, asked for where they are needed."""

from __future__ import annotations

from importlib.util import find_spec

from keepwell.errors import RequestRefused


def require(library: str, what: str) -> None:
    """Raises RequestRefused with one sentence where `what` needs a library (by its module) that is not installed."""
    if not _is_there(library):
        raise RequestRefused(f"{what} needs {library}, which is not installed; run: pip install 'keepwell[learning]'")


def _is_there(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ImportError:
        return False
