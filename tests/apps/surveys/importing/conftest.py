"""The small company with a survey and a person whose address is known."""

from __future__ import annotations

import pytest

from keepwell.apps.customers.models import Account, Person, PersonalData
from tests.apps.scored import FILES
from tests.apps.surveys.results.asked import SURVEYS


@pytest.fixture
def definitions() -> dict[str, str]:
    return {**FILES, "surveys.yaml": SURVEYS}


@pytest.fixture
def known(company: Account) -> Account:
    person = Person.objects.create(account_id="acme", role="admin")
    PersonalData.objects.create(person=person, name="Rana", email="Rana@acme.example")
    return company
