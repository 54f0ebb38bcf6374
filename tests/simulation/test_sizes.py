"""Any size within the limits, in bounded memory; what makes no company is refused in words."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keepwell.errors import RequestRefused
from keepwell.simulation import simulate
from keepwell.simulation.names import company_name, person_name

END = date(2026, 10, 31)


@pytest.mark.slow
@pytest.mark.parametrize("accounts", [1, 3, 50, 1_001])
def test_small_companies_have_all_files(tmp_path: Path, accounts: int) -> None:
    summary = simulate(tmp_path, end=END, accounts=accounts, days=28, burn_in_days=0, seats=(2.0, 2.0, 2.0))
    assert {path.name for path in summary.data.iterdir()} == {*summary.rows} | {"usage"}
    assert len(summary.rows) == 13
    assert not (tmp_path / ".unfinished").exists()


@pytest.mark.slow
@pytest.mark.parametrize("usage_rows", [30_000, 400_000])
def test_usage_rows_are_met(tmp_path: Path, usage_rows: int) -> None:
    summary = simulate(tmp_path, end=END, accounts=400, days=60, usage_rows=usage_rows)
    assert summary.rows["usage"] == pytest.approx(usage_rows, rel=0.05)


@pytest.mark.slow
def test_progress_is_told_by_accounts(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    simulate(
        tmp_path,
        end=END,
        accounts=1_100,
        days=28,
        seats=(2.0, 2.0, 2.0),
        progress=lambda done, all_: told.append((done, all_)),
    )
    assert told == [(1_000, 1_100), (1_100, 1_100)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"accounts": 0}, "accounts is 0; it must be between 1 and 100000"),
        ({"churn_rate": 1.5}, "churn_rate is 1.5"),
        ({"segment_shares": (0.5, 0.5, 0.5)}, "three numbers from 0 that add up to 1"),
        ({"seats": (1.0, 5.0, 9.0)}, "three medians between 2 and 5000"),
        ({"usage_rows": 10}, "at least one row per account"),
        ({"usage_rows": 10**12}, "usage rows cannot be made of 20 accounts"),
        ({"chrun_rate": 0.1}, "no parameter is called chrun_rate"),
        ({"seed": -1}, "a whole number from 0"),
    ],
)
def test_what_makes_no_company_is_refused(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestRefused, match=said):
        simulate(tmp_path, **({"end": END, "accounts": 20} | parameters))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_data_that_are_there_stay_unless_one_says_replace(tmp_path: Path) -> None:
    small: dict[str, Any] = {"end": END, "accounts": 5, "days": 28}
    simulate(tmp_path, **small)
    before = (tmp_path / "data" / "accounts.csv").read_bytes()
    with pytest.raises(RequestRefused, match="already holds data and truth"):
        simulate(tmp_path, **small, seed=8)
    assert (tmp_path / "data" / "accounts.csv").read_bytes() == before
    simulate(tmp_path, **small, seed=8, replace=True)
    assert (tmp_path / "data" / "accounts.csv").read_bytes() != before


@pytest.mark.slow
def test_no_two_companies_share_a_name() -> None:
    assert len({company_name(account, 3) for account in range(100_000)}) == 100_000
    assert len({person_name(position, 3) for position in range(2_500)}) == 2_500


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks of memory are read from /proc")
def test_memory_does_not_grow_with_the_accounts(tmp_path: Path) -> None:
    """12 million usage rows in a process of its own: the peak stays where 3 million rows have it."""
    small, large = (_peak_megabytes(tmp_path / str(n), n * 1_000, n * 600_000) for n in (5, 20))
    assert large < 1_000
    assert large < 1.35 * small


def _peak_megabytes(folder: Path, accounts: int, rows: int) -> int:
    """From where the kernel starts anew with a program; `ru_maxrss` would begin with the size of this process."""
    code = (
        "import re; from datetime import date; from pathlib import Path; "
        "from keepwell.simulation import simulate; "
        f"simulate(Path({str(folder)!r}), end=date(2026, 10, 31), accounts={accounts}, days=60, usage_rows={rows}); "
        "print(int(re.search(r'VmHWM:\\s*([0-9]+)', Path('/proc/self/status').read_text())[1]) // 1024)"
    )
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
