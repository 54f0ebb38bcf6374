from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_SHARED = Path(__file__).resolve().parents[2] / "shared"
_SLOW_MACHINE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # time decides no test

settings.register_profile("whole", **_SLOW_MACHINE)
settings.register_profile("quick", max_examples=20, **_SLOW_MACHINE)
settings.load_profile("whole")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data and designs that stands beside the checkout; it is no part of the repository."""
    if not _SHARED.is_dir():
        pytest.skip(f"needs the folder {_SHARED.name}/ beside the checkout, which is not part of the repository")
    return _SHARED
