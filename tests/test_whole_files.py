from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keepwell.whole_files import whole


def test_two_writers_of_one_file_do_not_take_it_from_each_other(tmp_path: Path) -> None:
    path = tmp_path / "values"
    with whole(path) as first, whole(path) as second:
        first.write_text("first")
        second.write_text("second")
    assert path.read_text() == "first", "the outer one ends last"
    assert [found.name for found in tmp_path.iterdir()] == ["values"]


def test_many_threads_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "values"

    def write(number: int) -> None:
        with whole(path) as unfinished:
            unfinished.write_text(str(number) * 1000)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, [number % 10 for number in range(200)]))
    assert len(set(path.read_text())) == 1
    assert [found.name for found in tmp_path.iterdir()] == ["values"]


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "values"
    path.write_text("old")

    def fail() -> None:
        with whole(path) as unfinished:
            unfinished.write_text("half")
            raise EOFError

    with pytest.raises(EOFError):
        fail()
    assert [found.read_text() for found in tmp_path.iterdir()] == ["old"]
