"""keepwell survey preview, and keepwell check with surveys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.project import Command
from tests.definitions.surveying import SURVEY
from tests.definitions.test_loading import GOOD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "asked.yaml").write_text(SURVEY, "utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_survey_is_shown_in_a_language(keepwell: Command, folder: Path) -> None:
    shown = keepwell("survey", "preview", folder, "relationship", "--language", "de")
    assert shown.code == 0, shown.err
    for words in (
        "1. Würden Sie uns empfehlen? *  recommend, nps",
        "0 to 10, good from 9; Nie ... Sicher",
        "asked when recommend <= 6",
        "- Preis (price)",
        "in another order for each person",
        "each: Gut | Schlecht",
        "ends here when parts.search = 'bad'",
        "Danke",
        "sent on schedule and event",
        "People: role = 'admin' or is_sponsor",
        "2 reminders at most, 5 days apart",
        "Closes 30 days after the invitation",
        "50% of them",
    ):
        assert words in shown.out, (words, shown.out)
    assert "Would you" not in shown.out
    assert "Would you" in keepwell("survey", "preview", folder, "relationship").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["relationshp"], "did you mean 'relationship'?"),
        (["relationship", "--language", "fr"], "unknown language 'fr'"),
    ],
)
def test_what_is_not_there_is_named(keepwell: Command, folder: Path, arguments: list[str], words: str) -> None:
    shown = keepwell("survey", "preview", folder, *arguments)
    assert shown.code == 1
    assert words in shown.err


def test_check_knows_surveys(keepwell: Command, folder: Path) -> None:
    good = keepwell("check", folder)
    assert good.code == 0
    assert "surveys" in good.out
    (folder / "asked.yaml").write_text(SURVEY.replace("kind: nps", "kind: npss"), "utf-8")
    bad = keepwell("check", folder)
    assert bad.code == 1
    assert "did you mean 'nps'?" in bad.err
