from __future__ import annotations

from collections.abc import Iterator

import pytest

from keepwell.apps.usage.ingestion.connecting import connect
from tests.apps.usage.ingestion.box import Box


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
