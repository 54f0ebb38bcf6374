"""People at Acme and Zeta, and a card that counts advocacy."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from keepwell.apps.customers.models import Account, Person, PersonalData
from keepwell.engine.advocacy.facts import DATASETS, METRICS
from tests.apps.scored import FILES

CARD = """\
scorecards:
  friends:
    title: Friends
    order: 1
    applies_to: arr >= 100000
    scheme: traffic_light
    groups:
      advocacy:
        weight: 1
        measures:
          advocacy_points: {weight: 1, score: {linear: [[0, 80], [40, 100]]}}
"""


@pytest.fixture
def definitions(request: pytest.FixtureRequest) -> dict[str, str]:
    """Without a word about advocacy where a test asks for None."""
    if getattr(request, "param", "all") is None:
        return FILES
    main = FILES["card.yaml"].replace("    title: Main card\n", "    title: Main card\n    order: 2\n")
    return {**FILES, "card.yaml": main, "advocacy.yaml": DATASETS + METRICS, "friends.yaml": CARD}


@dataclass(frozen=True)
class Contacts:
    """Dana and Eli are at Acme; Zoe is at Zeta."""

    dana: Person
    eli: Person
    zoe: Person


@pytest.fixture
def contacts(company: Account) -> Contacts:
    def contact(name: str, account: str, **more: object) -> Person:
        person = Person.objects.create(account_id=account, role="admin", **more)
        PersonalData.objects.create(person=person, name=name, email=f"{name.lower()}@{account}.example")
        return person

    return Contacts(contact("Dana", "acme", is_sponsor=True), contact("Eli", "acme"), contact("Zoe", "zeta"))
