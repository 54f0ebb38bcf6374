"""An event of the product reaches the rules that wait for it, once, for the account that it means."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import ScoreNews
from keepwell.apps.rules.deciding.news import on_occasions
from keepwell.apps.rules.hearing import hear
from keepwell.apps.rules.models import Occasion, RuleRun
from keepwell.apps.usage.draining.batch import Drain
from tests.apps.rules.published import CALM, publish_rules
from tests.apps.usage.draining.inbox import accepted, message

EXPORTED = """
rules:
  exported:
    on: [{event: "Report *", where: format = 'csv'}]
    when: score >= 0
    actions: [{log: {title: Exported a report}}]
"""


@pytest.mark.slow
def test_an_event_that_comes_in_starts_the_rule(company: Account) -> None:
    publish_rules(EXPORTED)
    accepted(
        message(1, user="u", group="acme", properties={"format": "csv"}),
        message(2, user="u", group="acme", properties={"format": "csv"}),
        message(3, user="v", group="brix", properties={"format": "pdf"}),
        message(4, user="w", group="nobody", properties={"format": "csv"}),
    )
    Drain().next()
    assert [(one.name, one.account_id) for one in Occasion.objects.all()] == [("exported", "acme")]
    (run,) = on_occasions()
    assert (run.rule, run.fired, run.trigger) == ("exported", 1, "an event of the product")


@pytest.mark.slow
def test_events_mean_the_account_that_theirs_was_merged_into(company: Account) -> None:
    publish_rules(EXPORTED)
    Account.objects.filter(pk="brix").update(merged_into="acme")
    rows = {"account_id": ["brix"], "event": ["Report made"], "properties": ['{"format": "csv"}']}
    for _ in range(2):
        hear(7, pa.table(rows))
    assert [one.account_id for one in Occasion.objects.all()] == ["acme"]


def test_without_a_rule_that_waits_nothing_is_noted(company: Account) -> None:
    publish_rules(CALM)
    hear(7, pa.table({"account_id": ["acme"], "event": ["Report made"]}))
    assert not Occasion.objects.exists()
    assert not RuleRun.objects.exists()
    assert not ScoreNews.objects.exists()
