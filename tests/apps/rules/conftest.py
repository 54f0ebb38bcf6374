"""The small company with a measure that rules may score."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.scored import FILES, scored_company
from tests.apps.template import Template, made

SENTIMENT = """\
          sentiment: {weight: 1, manual: true, sources: [rule, manual]}
    overrides:
"""


def rule_files() -> dict[str, str]:
    return {**FILES, "card.yaml": FILES["card.yaml"].replace("    overrides:\n", SENTIMENT)}


@pytest.fixture
def company(
    people: People, data_dir: Path, templates: dict[str, Template], tmp_path_factory: pytest.TempPathFactory
) -> Account:
    if "rules" in templates:
        templates["rules"].put_back(data_dir)
    else:
        kept_in = tmp_path_factory.mktemp("rules") / "data"
        templates["rules"] = made(lambda: scored_company(data_dir, files=rule_files()), data_dir, kept_in)
    return Account.objects.get(pk="acme")
