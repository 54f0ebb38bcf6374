from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.learning.optimizer.proposal import Proposal
from tests.learning.company import Company, company
from tests.learning.optimizer.asking import propose


@pytest.fixture
def made(tmp_path: Path) -> Company:
    folder = tmp_path / "company"
    folder.mkdir()
    return company(folder, accounts=200)


@pytest.fixture(scope="session")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    """Of 300 accounts, a third of them lost, without limits."""
    folder = tmp_path_factory.mktemp("proposed") / "company"
    folder.mkdir()
    return propose(company(folder, accounts=300))
