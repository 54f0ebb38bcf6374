"""Equal parameters give equal bytes, however many accounts are made at a time."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from keepwell.simulation import simulate

SMALL: dict[str, Any] = {"end": date(2026, 10, 31), "accounts": 60, "days": 120}


def prints(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    simulate(tmp_path / "one", **SMALL)
    simulate(tmp_path / "two", **SMALL)
    first = prints(tmp_path / "one")
    assert len(first) == 17
    assert prints(tmp_path / "two") == first


@pytest.mark.slow
def test_another_seed_gives_other_data(tmp_path: Path) -> None:
    simulate(tmp_path / "one", **SMALL)
    simulate(tmp_path / "two", **SMALL, seed=8)
    one, two = prints(tmp_path / "one"), prints(tmp_path / "two")
    assert one["data/accounts.csv"] != two["data/accounts.csv"]
    assert one["data/usage/part-0000.parquet"] != two["data/usage/part-0000.parquet"]


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [1, 4])
def test_how_many_blocks_are_made_at_once_changes_nothing(tmp_path: Path, at_once: int) -> None:
    several: dict[str, Any] = {**SMALL, "accounts": 2_100, "days": 56, "burn_in_days": 0, "seats": (2.0, 3.0, 45.0)}
    simulate(tmp_path / "two", **several, at_once=2)
    simulate(tmp_path / "other", **several, at_once=at_once)
    expected = prints(tmp_path / "two")
    assert "data/usage/part-0002.parquet" in expected
    assert prints(tmp_path / "other") == expected


@pytest.mark.slow
def test_a_parameter_of_one_subject_leaves_the_others_alone(tmp_path: Path) -> None:
    simulate(tmp_path / "one", **SMALL, randomised_share=1.0)
    simulate(tmp_path / "two", **SMALL, optimism=2.0, randomised_share=1.0)
    one, two = prints(tmp_path / "one"), prints(tmp_path / "two")
    assert {name for name in one if one[name] != two[name]} == {"data/manual_scores.csv", "truth/company.json"}
