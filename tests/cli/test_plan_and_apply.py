"""keepwell plan and keepwell apply against a server that answers: a few lines that stand in for the network's far end.

What the server answers is tested with the API; here it is what is sent, and how the answers are told.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.cli.project import Command, Project

PLAN: dict[str, Any] = {
    "number": 3, "base": 3, "issues": [], "theirs": [], "both": [], "no_effect": "",
    "definitions": [
        {"kind": "scorecards", "name": "health", "what": "changed", "old_hash": "a", "new_hash": "b",
         "words": ["usage › weight: 70 → 50"]},
    ],
    "files": [{"path": "health.yaml", "what": "changed", "lines": []}],
    "effect": {"accounts": 1200, "up": 3, "down": 40, "other": 0, "changed": 900,
               "bands": [{"label": "red", "before": 100, "after": 137}]},
}  # fmt: skip


@dataclass
class Far:
    """A server that gives one answer and remembers what it was asked."""

    address: str = ""
    status: int = 200
    answer: Any = None
    asked: list[tuple[str, str, Any]] = field(default_factory=list)


@pytest.fixture
def far() -> Iterator[Far]:
    kept = Far()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.asked.append((self.path, self.headers["Authorization"], body))
            said = json.dumps(kept.answer).encode()
            self.send_response(kept.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    kept.address = f"http://127.0.0.1:{server.server_port}"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_a_plan_is_told_in_words_with_its_effect(keepwell: Command, project: Project, far: Far) -> None:
    far.answer = PLAN
    answer = keepwell("plan", project.definitions, "--server", far.address, "--token", "kw_x_y", "--base", "3")
    assert answer.code == 0, answer.err
    for words in ("1 definition would change", "usage › weight: 70 → 50", "43 of 1,200 accounts", "137", "health.yaml"):
        assert words in answer.out
    ((path, token, body),) = far.asked
    assert (path, token, body["base"]) == ("/api/v1/definitions/plan", "Bearer kw_x_y", 3)
    assert body["files"]["health.yaml"] == (project.definitions / "health.yaml").read_text()


@pytest.mark.slow
def test_a_plan_warns_where_both_sides_changed(keepwell: Command, project: Project, far: Far) -> None:
    far.answer = {**PLAN, "base": 2, "theirs": PLAN["files"], "both": ["health.yaml"]}
    answer = keepwell("plan", project.definitions, "--server", far.address, "--token", "x", "--base", "2")
    assert "Both sides changed" in answer.out
    assert "Changed on both sides: health.yaml" in answer.out


@pytest.mark.slow
def test_a_plan_warns_where_nothing_says_the_base(keepwell: Command, project: Project, far: Far) -> None:
    far.answer = {**PLAN, "base": None, "effect": None, "no_effect": "nothing was scored yet"}
    answer = keepwell("plan", project.definitions, "--server", far.address, "--token", "x")
    assert "apply with --base 3" in " ".join(answer.out.split())
    assert "nothing was scored yet" in answer.out


@pytest.mark.slow
def test_applying_remembers_the_version_for_the_next_time(keepwell: Command, project: Project, far: Far) -> None:
    far.answer = {"number": 4, "digest": "d", "note": "n", "is_new": True}
    arguments = ("apply", project.definitions, "--note", "Lighter", "--server", far.address, "--token", "x")
    first = keepwell(*arguments, "--base", "3")
    assert (first.code, first.out.strip()) == (0, "Published version 4. The next run scores with it.")
    keepwell(*arguments)
    assert [body["base"] for _, _, body in far.asked] == [3, 4]
    assert far.asked[0][2]["note"] == "Lighter"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [
        (409, {"detail": "version 5 was published meanwhile by Mo"}, "version 5 was published meanwhile"),
        (401, {}, "does not know this token"),
        (403, {"detail": "Ada may not change how health is scored"}, "may not change how health is scored"),
        (500, "gone", "the server answered 500"),
        (422, {"issues": [{"file": "a.yaml", "line": 2, "path": "x", "message": "unknown"}]}, "a.yaml:2: x: unknown"),
    ],
)  # fmt: skip
def test_refusals_are_told_in_words(
    keepwell: Command, project: Project, far: Far, status: int, answer: Any, words: str
) -> None:
    far.status, far.answer = status, answer
    said = keepwell("apply", project.definitions, "--note", "x", "--server", far.address, "--token", "x")
    assert said.code == 1
    assert words in said.err
    assert not (project.definitions / ".keepwell-base").exists()


@pytest.mark.slow
@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "ftp://x", "nonsense"])
def test_a_server_that_is_not_there_is_told(keepwell: Command, project: Project, address: str) -> None:
    said = keepwell("plan", project.definitions, "--server", address, "--token", "x")
    assert said.code == 1
    assert address in said.err


def test_what_is_wrong_here_is_told_without_a_server(keepwell: Command, project: Project) -> None:
    project.redefine("change_of: active_users", "change_of: active_usr")
    said = keepwell("plan", project.definitions, "--server", "http://127.0.0.1:9", "--token", "x")
    assert said.code == 1
    assert "active_usr" in said.err


def test_a_base_that_is_no_number_is_refused(keepwell: Command, project: Project) -> None:
    (project.definitions / ".keepwell-base").write_text("three")
    said = keepwell("plan", project.definitions, "--server", "http://127.0.0.1:9", "--token", "x")
    assert "holds no number" in said.err
