from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from keepwell.apps.usage.ingestion.connecting import connect
from tests.apps.usage.ingestion.box import Box, Rows
from tests.apps.usage.ingestion.running import Running, running


@pytest.fixture
def empty_box(db: None) -> Iterator[Box]:
    """Without any write key."""
    with connect() as connection:
        with Box(connection) as box:
            yield box
        box.empty()


@pytest.fixture
def box(empty_box: Box) -> Box:
    """With a write key that keeps two properties and may be used on one origin."""
    empty_box.add_key(origins=["https://app.example.com"], properties=["format", "rows"])
    return empty_box


@pytest.fixture(scope="session")
def web(postgres: str, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(postgres, tmp_path_factory.mktemp("web"), "ingestion") as found:
        yield found


@pytest.fixture
def rows(web: Running) -> Iterator[Rows]:
    """Of the web server, with a write key."""
    with web.rows() as found:
        found.add_key(origins=["https://app.example.com"], properties=["format", "rows"])
        yield found


@pytest.fixture(scope="session")
def node(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts with the clients they need."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("needs node and npm, which are not installed")
    folder = tmp_path_factory.mktemp("node")
    for script in (shared / "clients" / "node").iterdir():
        shutil.copy(script, folder)
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot install the clients: {done.stderr.strip().splitlines()[-1:]}")
    return folder
