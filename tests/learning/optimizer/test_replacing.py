"""The card in its file, replaced; everything else to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from keepwell.definitions import load_project
from keepwell.definitions.scorecards import Scorecard
from keepwell.learning.optimizer.card_yaml import card_lines, flow
from keepwell.learning.optimizer.replacing import with_card

BLOCK = """\
# health of everybody
metrics:
  seats: {attribute: seats}   # a comment
scorecards:
  # before the card
  old:
    order: 2      # inside
    scheme: numeric
    groups:
      all:
        weight: 1
        measures:
          seats: {weight: 1, score: {linear: [[0, 0], [9, 100]]}}   # behind it

  # after the card
  other: {order: 1, scheme: numeric, groups: {g: {weight: 1, measures: {m: {weight: 1, manual: true}}}}}
schemes: {numeric: {}}
"""
IN_BRACES = (
    "{metrics: {seats: {attribute: seats}}, schemes: {numeric: {}}, scorecards: {old: {scheme: numeric, groups: "
    "{g: {weight: 1, measures: {m: {weight: 1, manual: true}}}}}}}"
)
REASON = "Said: # nobody" + " is there" * 9
CARD = Scorecard.model_validate(
    {
        "title": "Health: of all",
        "order": 2,
        "scheme": "numeric",
        "groups": {
            "all": {
                "weight": 100,
                "measures": {
                    "seats": {"weight": 100, "score": {"linear": ((1.5, 0), (20, 100))}, "when_missing": {"score": 40}},
                    "pulse": {
                        "weight": 0,
                        "manual": True,
                        "levels": ({"score": 0, "label": "No", "help": "it's, {odd}"}, {"score": 100, "label": "yes"}),
                    },
                },
            }
        },
        "overrides": (
            {
                "name": "quiet",
                "when": "seats < 1",
                "effect": {"at_most": 30},
                "reason": REASON,
            },
        ),
    }
)


def loaded(tmp_path: Path, text: str) -> Scorecard:
    (tmp_path / "all.yaml").write_text(text)
    (tmp_path / "accounts.yaml").write_text("datasets: {accounts: {role: accounts, file: a.csv, key: id}}")
    return load_project(tmp_path).scorecards["old"]


@pytest.mark.parametrize(
    "text",
    [
        BLOCK,
        BLOCK.replace("\n", "\r\n"),
        BLOCK.split("schemes", maxsplit=1)[0].replace("metrics:", "schemes: {numeric: {}}\nmetrics:").rstrip(),
        IN_BRACES,
    ],
    ids=["blocks", "windows line ends", "last in the file", "all in braces"],
)
def test_what_is_written_reads_back_as_the_card(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, with_card(text, "old", CARD, {"seats": "was 1"})) == CARD


def test_everything_around_the_card_stays_to_the_byte() -> None:
    written = with_card(BLOCK, "old", CARD, {})
    start, end = BLOCK.index("  old:"), BLOCK.index("\n\n  # after the card")
    assert written.startswith(BLOCK[:start])
    assert written.endswith(BLOCK[end:])
    assert "behind it" not in written


def test_measures_read_as_a_person_writes_them() -> None:
    lines = list(card_lines("health", CARD, {"seats": "was 60"}, 1))
    assert "          seats:" in lines
    assert any(line.startswith("            weight: 100") and line.endswith("# was 60") for line in lines)
    assert "            score: {linear: [[1.5, 0], [20, 100]]}" in lines
    assert max(map(len, lines)) < 130


@pytest.mark.parametrize("value", ["no", "1.5", "a: b", "x # y", " pad", "null", "two\nlines", "", "it's, {odd}", "ä"])
def test_texts_are_quoted_where_yaml_would_read_something_else(value: str) -> None:
    assert yaml.safe_load(flow({"key": value})) == {"key": value}
