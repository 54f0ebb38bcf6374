from __future__ import annotations

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data and designs that stands beside the checkout; it is no part of the repository."""
    if not _SHARED.is_dir():
        pytest.skip(f"needs the folder {_SHARED.name}/ beside the checkout, which is not part of the repository")
    return _SHARED
