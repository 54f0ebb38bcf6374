from __future__ import annotations

import pytest

from keepwell.apps.access.actors import Person
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.experiments.effects.asking import WantedEffects, ask_for_effects
from keepwell.apps.experiments.making import make
from keepwell.apps.experiments.models import Experiment
from tests.apps.conftest import People
from tests.apps.experiments.effects.lottery import DAY, drawn
from tests.apps.scored import TODAY

WANTED = WantedEffects("version:2", DAY, TODAY, within_days=60, after_days=(30,), every_days=28)


@pytest.fixture
def lottery(past: Wanted, people: People) -> WantedEffects:
    drawn()
    return WANTED


@pytest.fixture
def studied(lottery: WantedEffects, people: People) -> Experiment:
    """Everything that was done, judged."""
    one = ask_for_effects(actor=Person(people.manager), wanted=lottery)
    make(one)
    assert one.error == ""
    return one
