"""The small company with a survey, and nothing answered yet."""

from __future__ import annotations

import pytest

from keepwell.apps.customers.models import Account
from tests.apps.scored import FILES
from tests.apps.surveys.results.asked import SURVEYS


@pytest.fixture
def definitions() -> dict[str, str]:
    return {**FILES, "surveys.yaml": SURVEYS}


@pytest.fixture
def asked(company: Account) -> Account:
    """Acme, whose people may be asked."""
    return company
