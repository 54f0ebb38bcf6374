"""The small company with a measure that rules may score."""

from __future__ import annotations

import pytest

from tests.apps.scored import FILES

SENTIMENT = """\
          sentiment: {weight: 1, manual: true, sources: [rule, manual]}
    overrides:
"""


def rule_files() -> dict[str, str]:
    return {**FILES, "card.yaml": FILES["card.yaml"].replace("    overrides:\n", SENTIMENT)}


@pytest.fixture
def definitions() -> dict[str, str]:
    return rule_files()
