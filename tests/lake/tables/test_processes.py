"""Several processes at one table: readers never wait, writers take turns, a killed writer leaves no trace."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

import keepwell
from keepwell.errors import RequestRefused
from keepwell.lake.tables import FileLock, LakeTable, TableLayout

_BATCH = 1000
_PRELUDE = f"""
import sys, time
from pathlib import Path
import pyarrow as pa
from keepwell.lake.tables import LakeTable
table = LakeTable(Path(sys.argv[1]))
def batch(i): return pa.table({{"batch": [i] * {_BATCH}, "x": [float(n) for n in range({_BATCH})]}})
"""


def start(code: str, path: Path, *more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(keepwell.__file__).parents[1])}
    command = [sys.executable, "-c", _PRELUDE + code, str(path), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def said(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out.strip()


@pytest.mark.slow
def test_readers_see_whole_batches_while_one_writes(tmp_path):
    path = tmp_path / "events"
    LakeTable(path).append(pa.table({"batch": [0] * _BATCH, "x": [0.0] * _BATCH}))
    reading = """
seen = []
while not seen or seen[-1] < 20:
    counts = {}
    for row in table.read(columns=["batch"])["batch"].value_counts().to_pylist():
        counts[row["values"]] = row["counts"]
    assert set(counts.values()) == {1000}, counts
    assert sorted(counts) == list(range(len(counts))), counts
    seen.append(max(counts))
assert seen == sorted(seen)
print(len(seen))
"""
    readers = [start(reading, path) for _ in range(2)]
    writer = start("for i in range(1, 21): table.append(batch(i)); time.sleep(0.02)\nprint(table.version)", path)
    assert said(writer) == "20"
    assert all(int(said(reader)) >= 1 for reader in readers)


@pytest.mark.slow
def test_writers_take_turns_and_no_load_id_is_given_twice(tmp_path):
    path = tmp_path / "events"
    writing = "print([table.append(batch(i)).load_id for i in range(8)])"
    writers = [start(writing, path) for _ in range(3)]
    given = [load for writer in writers for load in json.loads(said(writer))]
    assert sorted(given) == list(range(1, 25))
    assert LakeTable(path).read().num_rows == 24 * _BATCH


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.004, 0.015, 0.05])
def test_a_writer_killed_in_the_middle_leaves_the_table_as_it_was(tmp_path, delay):
    path = tmp_path / "events"
    table = LakeTable(path)
    table.append(pa.table({"batch": [-1] * _BATCH, "x": [0.0] * _BATCH}))
    make = "big = pa.concat_tables([batch(i) for i in range(1500)])\nprint('go', flush=True)\n"
    writer = start(make + "while True: table.append(big)", path)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "go\n"
    time.sleep(delay)
    writer.send_signal(signal.SIGKILL)
    writer.wait(timeout=10)
    writer.stdout.close()
    whole = table.version
    again = LakeTable(path)
    assert again.read(columns=["batch"]).num_rows == _BATCH + whole * 1500 * _BATCH
    assert again.load_id == 1 + whole
    assert again.append(pa.table({"batch": [7], "x": [1.0]})).load_id == 2 + whole


@pytest.mark.slow
def test_a_writer_killed_between_data_and_commit_leaves_nothing_to_read(tmp_path):
    path = tmp_path / "events"
    table = LakeTable(path, layout=TableLayout(partition_by=("batch",)))
    table.append(pa.table({"batch": [-1] * _BATCH, "x": [0.0] * _BATCH}))
    writer = start("table.append(pa.concat_tables([batch(i) for i in range(400)]))", path)
    while len(list(path.glob("batch=*"))) < 3:
        assert writer.poll() is None
    writer.kill()
    writer.communicate()
    assert len(list(path.glob("batch=*"))) >= 3  # its data was on the way to disk
    assert (LakeTable(path).version, LakeTable(path).read().num_rows) == (0, _BATCH)
    assert table.append(pa.table({"batch": [7], "x": [1.0]})).load_id == 2


def test_what_a_killed_writer_left_is_vacuumed(tmp_path):
    table = LakeTable(tmp_path / "events")
    table.append(pa.table({"n": [1]}))
    orphan = table.path / "part-00000-orphan.snappy.parquet"
    orphan.write_bytes(Path(table.files()[0].path).read_bytes())
    assert table.read().num_rows == 1
    assert table.vacuum(older_than_hours=0) == 1
    assert not orphan.exists()


@pytest.mark.slow
def test_a_writer_that_waits_too_long_says_who_is_writing(tmp_path):
    path = tmp_path / "events"
    holding = start("with table._lock.hold(): print('held', flush=True); time.sleep(30)", path)
    assert holding.stdout is not None
    assert holding.stdout.readline() == "held\n"
    impatient = LakeTable(path, lock=FileLock(path / "_writer.lock", wait_seconds=0.05))
    with pytest.raises(RequestRefused, match=rf"another process \(pid {holding.pid}\) is writing"):
        impatient.append(pa.table({"n": [1]}))
    holding.kill()
    holding.communicate()
    assert impatient.append(pa.table({"n": [1]})).written
