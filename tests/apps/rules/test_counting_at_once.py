"""Moments, milestones and treatments are in the metrics over them without a run."""

from __future__ import annotations

import pytest

from keepwell.apps.access.actors import Person
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.operations.accounts import set_stage
from keepwell.apps.health.models import Arrival
from tests.apps.conftest import People
from tests.apps.rules.published import publish_rules
from tests.apps.rules.test_ledgers import METRICS

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_a_stage_that_an_account_came_to_is_told_where_metrics_look_at_stages(company: Account, people: People) -> None:
    set_stage(actor=Person(people.owner), account_id="acme", stage="renewing", reason="")
    assert not Arrival.objects.exists()
    publish_rules(METRICS)
    set_stage(actor=Person(people.owner), account_id="acme", stage="live again", reason="")
    assert list(Arrival.objects.values_list("account_id", "ledger")) == [("acme", "keepwell.stages")]
