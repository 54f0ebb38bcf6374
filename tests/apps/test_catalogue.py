"""The catalogue of reports has the tables that the application keeps, with the columns that they have."""

from __future__ import annotations

import pytest

from keepwell.apps.health.ledgers import records
from keepwell.definitions.catalogue import KNOWN_TABLES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOT_LEDGERS = {"scores"}
"""The history of scores is in the lake."""


def test_known_tables_are_those_that_are_kept() -> None:
    kept = records()
    assert {name for name, one in KNOWN_TABLES.items() if one.dataset.table not in kept} == NOT_LEDGERS
    for name in KNOWN_TABLES.keys() - NOT_LEDGERS:
        one = KNOWN_TABLES[name]
        there = set(kept[str(one.dataset.table)]().column_names)
        assert set(one.columns) <= there, (name, set(one.columns) - there)
        assert not one.complete or set(one.columns) == there, (name, there - set(one.columns))
