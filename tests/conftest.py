from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_SHARED = Path(__file__).resolve().parents[2] / "shared"
_SLOW_MACHINE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # time decides no test

settings.register_profile("whole", **_SLOW_MACHINE)
settings.register_profile("quick", max_examples=20, **_SLOW_MACHINE)
settings.load_profile("whole")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests stay in one process, so that what they share is made once; simulated companies serve a folder."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            group = "simulation" if item.path.parent.name == "simulation" else item.nodeid.partition("::")[0]
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data and designs that stands beside the checkout; it is no part of the repository."""
    if not _SHARED.is_dir():
        pytest.skip(f"needs the folder {_SHARED.name}/ beside the checkout, which is not part of the repository")
    return _SHARED
