"""Pipes, colours, encodings, and being stopped."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

import pytest

from keepwell.cli.failures import guarded
from keepwell.cli.stopping import go_on
from tests.cli.project import AS_OF, Project, start


@pytest.mark.slow
def test_a_pipe_gets_no_colour_and_no_progress(project: Project) -> None:
    process = start(*project.arguments("score", "--as-of", AS_OF))
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "\x1b" not in out
    assert "▼ red" in out


@pytest.mark.slow
def test_colour_never_stands_alone(project: Project) -> None:
    coloured = start(*project.arguments("score", "--as-of", AS_OF), FORCE_COLOR="1", TERM="xterm-256color")
    plain = start(*project.arguments("score", "--as-of", AS_OF), FORCE_COLOR="1", NO_COLOR="1", TERM="xterm-256color")
    with_colour, without = coloured.communicate()[0], plain.communicate()[0]
    assert "38;5;" in with_colour or "38;2;" in with_colour
    assert "38;" not in without
    assert "▼ red" in without


@pytest.mark.slow
def test_a_terminal_that_knows_only_ascii(project: Project) -> None:
    project.fill("accounts.csv", (project.data / "accounts.csv").read_text().replace("Aster", "Åster"))
    process = start(*project.arguments("score", "--as-of", AS_OF), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    out, _ = process.communicate()
    assert process.returncode == 0
    assert out.isascii()
    assert "v red" in out


@pytest.mark.slow
def test_nobody_reads_on(project: Project) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*project.arguments("score", "--as-of", AS_OF), stdout=writing)
    os.close(writing)
    _, err = process.communicate()
    assert (process.returncode, err) == (141, "")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_being_stopped_leaves_nothing(project: Project, number: signal.Signals, code: int) -> None:
    out = project.data / "history.parquet"
    dates = ("--from", "2020-01-01", "--to", AS_OF, "--every", "day", "--out", str(out))
    process = start(*project.arguments("history", *dates))
    deadline = time.monotonic() + 30
    while not list(project.data.glob(".history*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == code
    assert err.strip() == "Stopped. No file was left half-written."
    assert not list(project.data.glob("*history*"))
    assert not list(project.data.glob(".history*"))


def test_a_signal_that_a_library_swallows_stops_at_the_next_step() -> None:
    def work() -> None:
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        go_on()
        pytest.fail("went on")

    assert guarded(work) == 143
