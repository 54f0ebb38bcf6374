"""States of refreshes on disk: what is read back refreshes as what was written; nothing is left behind or lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.engine.refresh.refresh import refresh_values
from keepwell.engine.refresh.state import RefreshState
from keepwell.lake.states import read_state, write_state
from tests.engine.refresh.growing import ADVANCED, Growing, assert_same, at, growing_project, row

METRICS = {name: ADVANCED[name] for name in ("a_9", "all_3", "breadth_9", "days_70", "ever_latest", "ever_users")}


@pytest.fixture
def growing() -> Growing:
    found = Growing(growing_project(["in_order", "recorded"], METRICS))
    found.add(
        [row(number % 20, account="AB"[number % 2], user=f"ü{number % 5}", late=number % 3) for number in range(50)]
    )
    return found


def advanced(growing: Growing, number: int, state: RefreshState | None) -> RefreshState:
    refreshed = refresh_values(growing.project, growing.data(), at(number), state)
    assert_same(refreshed.values, growing.in_full(at(number)))
    assert state is None or refreshed.rebuilt == {}
    return refreshed.state


@pytest.mark.slow
def test_day_after_day_from_what_was_kept(growing: Growing, tmp_path: Path) -> None:
    write_state(tmp_path, advanced(growing, 5, None))
    for number in (6, 7, 9, 30):
        write_state(tmp_path, advanced(growing, number, read_state(tmp_path, growing.project)))


@pytest.mark.slow
def test_what_was_written_serves_without_being_read(growing: Growing, tmp_path: Path) -> None:
    state = write_state(tmp_path, advanced(growing, 5, None))
    state = write_state(tmp_path, advanced(growing, 6, state))
    advanced(growing, 7, state)


@pytest.mark.slow
def test_days_are_written_once_and_go_when_they_leave(growing: Growing, tmp_path: Path) -> None:
    state = write_state(tmp_path, advanced(growing, 5, None))
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("day-*")}
    write_state(tmp_path, advanced(growing, 6, state))
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("day-*")}
    assert before.items() & after.items()
    write_state(tmp_path, advanced(growing, 60, read_state(tmp_path, growing.project)))
    assert list(tmp_path.glob("day-*")) == []
    assert len(list(tmp_path.glob("part-*"))) == len(read_state(tmp_path, growing.project).parts)  # type: ignore[union-attr]


@pytest.mark.slow
def test_nothing_kept_and_what_other_definitions_kept(growing: Growing, tmp_path: Path) -> None:
    assert read_state(tmp_path, growing.project) is None
    write_state(tmp_path, advanced(growing, 5, None))
    other = growing_project(["in_order", "recorded"], {**METRICS, "a_9": {**METRICS["a_9"], "window": "8 days"}})
    kept = read_state(tmp_path, other)
    assert kept is not None
    assert {(key.days_before, key.windowed) for key in kept.parts} == {(0, False), (4, True)}
    fewer = read_state(tmp_path, growing_project(["in_order"], {}))
    assert fewer is not None
    assert fewer.parts == {}


@pytest.mark.slow
def test_a_write_that_does_not_finish_leaves_the_state_as_it_was(
    growing: Growing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = write_state(tmp_path, advanced(growing, 5, None))
    later = advanced(growing, 6, state)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", _killed)
        with pytest.raises(KeyboardInterrupt):
            write_state(tmp_path, later)
    write_state(tmp_path, advanced(growing, 7, read_state(tmp_path, growing.project)))
    advanced(growing, 8, read_state(tmp_path, growing.project))


def _killed(self: Path, target: Path) -> Path:
    raise KeyboardInterrupt
