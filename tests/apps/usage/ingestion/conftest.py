from __future__ import annotations

from collections.abc import Iterator

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
def web(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(postgres, tmp_path_factory.mktemp("web"), "ingestion") as found:
        yield found


@pytest.fixture
def rows(web: Running) -> Iterator[Rows]:
    """Of the web server, with a write key."""
    with web.rows() as found:
        found.add_key(origins=["https://app.example.com"], properties=["format", "rows"])
        yield found
