"""Help, versions, and wrong usage."""

from __future__ import annotations

import pytest

from keepwell.cli.app import app
from tests.cli.project import AS_OF, Command, Project

VERBS = sorted(str(command.name) for command in app.registered_commands)


def test_all_verbs_are_there() -> None:
    assert {"check", "demo", "diff", "explain", "history", "init", "schema", "score", "simulate"} <= set(VERBS)


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(keepwell: Command, verb: str) -> None:
    answer = keepwell(verb, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert f"Usage: keepwell {verb}" in answer.out


@pytest.mark.slow
def test_help_names_every_verb(keepwell: Command) -> None:
    answer = keepwell("--help")
    assert answer.code == 0
    assert all(verb in answer.out for verb in VERBS)


def test_version(keepwell: Command) -> None:
    assert keepwell("--version").out.startswith("keepwell ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["bogus"], "No such command"),
        (["score"], "Missing argument"),
        (["score", "x", "--as-of", "tomorrow"], "is not a date"),
        (["score", "x", "--as-of", "2026-02-30"], "is not a date"),
        (["score", "x", "--as-of", AS_OF, "--known-at", "noon"], "is not a time"),
        (["score", "x", "--as-of", AS_OF, "--out", "scores.xlsx"], "must end in"),
        (["score", "x", "--as-of", AS_OF, "--top", "-1"], "--top"),
        (["history", "x", "--from", AS_OF, "--to", AS_OF, "--every", "fortnight", "--out", "h.csv"], "is no step"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_2(keepwell: Command, arguments: list[str], says: str) -> None:
    answer = keepwell(*arguments)
    assert answer.code == 2
    assert says in answer.err
    assert "Traceback" not in answer.err


def test_a_date_out_of_range_is_refused(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("score", "--as-of", "9999-12-31"))
    assert answer.code == 1
    assert "out of range" in answer.err
