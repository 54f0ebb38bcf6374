"""keepwell rules and keepwell replay: what would be done, and what would have been."""

from __future__ import annotations

import pytest

from tests.cli.project import Command, Project

RULES = """
rules:
  busy:
    title: Thank those who are busy
    when: active_users >= 1 and days_in_band >= 0
    actions: [{notify: {to: csm, text: "{account.name}"}}]
  told: {on: {event: complained}, when: score < 90, actions: [{log: {title: They complained}}]}
  off: {enabled: false, when: seats > 0, actions: [{log: {title: Off}}]}
"""


@pytest.fixture
def ruled(project: Project) -> Project:
    (project.definitions / "rules.yaml").write_text(RULES)
    return project


@pytest.mark.slow
def test_effects_are_listed_with_their_reasons_and_nothing_is_done(keepwell: Command, ruled: Project) -> None:
    answer = keepwell(*ruled.arguments("rules"), "--as-of", "2026-10-31", "--weeks", "1")
    assert answer.code == 0, answer.err
    for words in (
        "Nothing was done.",
        "Thank those who are busy",
        "notify",
        "active users is",
        "Waits for what sets it",
    ):
        assert words in answer.out
    assert "Off" not in answer.out


@pytest.mark.slow
def test_a_replay_says_how_often_it_would_have_fired(keepwell: Command, ruled: Project) -> None:
    between = ("--from", "2026-10-01", "--to", "2026-10-31")
    answer = keepwell(*ruled.arguments("replay"), "--rule", "busy", *between)
    assert answer.code == 0, answer.err
    assert "it would have fired" in answer.out


@pytest.mark.slow
def test_a_rule_that_there_is_not_is_refused_with_the_nearest(keepwell: Command, ruled: Project) -> None:
    answer = keepwell(*ruled.arguments("rules"), "--as-of", "2026-10-31", "--rule", "bussy")
    assert answer.code == 1
    assert "unknown rule 'bussy'; did you mean 'busy'?" in answer.err


@pytest.mark.slow
def test_a_folder_without_rules_says_so(keepwell: Command, project: Project) -> None:
    answer = keepwell(*project.arguments("rules"), "--as-of", "2026-10-31")
    assert answer.code == 1
    assert "no rules are defined here" in answer.err
