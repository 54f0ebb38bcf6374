"""Values written to a file come back equal, and score to the same bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from keepwell.engine.storing import read_values, write_values
from keepwell.engine.values import EntityValues
from keepwell.errors import DataRefused
from tests.engine.building.places import values_at
from tests.engine.building.test_aggregates import DERIVED, TREE, UNITS, USES
from tests.engine.building.test_ledgers import DEFINITIONS, FILES
from tests.engine.building.test_silence import FILES as SILENT
from tests.engine.building.test_silence import LOGINS


def assert_same(one: EntityValues, other: EntityValues) -> None:
    assert one.ids.equals(other.ids)
    assert one.accounts.equals(other.accounts)
    assert one.parents.equals(other.parents)
    for name in ("attributes", "metrics", "entries", "overrides", "pins"):
        assert getattr(one, name).to_pydict() == getattr(other, name).to_pydict(), name
    assert one.silent == other.silent
    assert one.observed.keys() == other.observed.keys()
    for name, days in one.observed.items():
        np.testing.assert_array_equal(
            np.asarray(days, "datetime64[D]"), np.asarray(other.observed[name], "datetime64[D]")
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("definitions", "files"),
    [
        (DEFINITIONS, FILES),
        (DERIVED, {"accounts": TREE, "units": UNITS, "events": USES}),
        (LOGINS, SILENT),
        (LOGINS, {**SILENT, "logins": "account_id,day,pages\n"}),
    ],
)
def test_round_trip(tmp_path: Path, definitions: str, files: dict[str, str]) -> None:
    (values,) = values_at(tmp_path, definitions, files, "2024-03-10")
    write_values(values, tmp_path / "run.values")
    read = read_values(tmp_path / "run.values")
    assert (read.as_of, read.known_at, read.warnings, read.load_ids) == (
        values.as_of,
        values.known_at,
        values.warnings,
        values.load_ids,
    )
    assert_same(read.accounts, values.accounts)
    assert (read.relationships is None) == (values.relationships is None)
    if values.relationships is None or read.relationships is None:
        return
    assert read.relationships is not None
    assert_same(read.relationships, values.relationships)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"no such thing")
    with pytest.raises(DataRefused, match="does not hold values of a run"):
        read_values(tmp_path / "other")
