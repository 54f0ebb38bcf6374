"""Accounts of past dates: what records said then, what nobody keeps of then, and what changes meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from keepwell.apps.access.actors import Person
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.dashboards.answering import source
from keepwell.apps.dashboards.answering.answers import answer
from keepwell.apps.dashboards.answering.asked import AskedInPage
from keepwell.apps.dashboards.answering.population import population
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.choices import choices_of
from keepwell.apps.health.scored import latest_run
from tests.apps.conftest import People
from tests.apps.dashboards.small import publish_small

pytestmark = pytest.mark.slow

ALL = AskedInPage(chosen={})
BOARD = """\
dashboards:
  small:
    period: 5 days
    filters: {stage: {of: stage, chosen: [live]}}
    widgets:
      stages: {chart: bar, dataset: accounts, by: stage, measures: {n: count()}, compare: previous_period}
      owned: {chart: number, dataset: accounts, compare: previous_period,
        measure: {aggregate: count(), where: owner.name = 'Ada'}}
"""


def test_records_are_as_they_were_and_what_nobody_keeps_is_refused(company: Account, people: People) -> None:
    StageChange.objects.all().delete()
    Account.objects.update(stage="onboarding")
    run = latest_run()
    assert run is not None
    names = frozenset({"stage", "open_calls", "owner.name", "arr"})
    then = population(run.as_of - timedelta(days=1), names)
    assert then is not None
    assert "owner.name" not in then.column_names
    assert set(then["stage"].to_pylist()) == {"onboarding"}
    actor = Person(people.manager)
    found = answer(actor, dashboard_for(actor, publish_small(BOARD)), ALL)
    assert found["stages"].rows.to_pylist() == [{"by": "onboarding", "n": 6, "n_before": 6}]
    assert "what 'owner.name' was on" in found["owned"].notes[0]
    assert found["owned"].rows.column_names == ["value"]


def test_stages_move_and_choices_are_of_all_values_while_a_source_is_open(
    company: Account, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "KEPT_SECONDS", 0.0)
    Account.objects.update(stage="onboarding")
    actor = Person(people.manager)
    shown = dashboard_for(actor, publish_small(BOARD))
    assert answer(actor, shown, ALL, only="stages")["stages"].column("by") == ["onboarding"]
    with transaction.atomic():  # what another transaction writes
        Account.objects.filter(pk="acme").update(stage="live")
    assert set(answer(actor, shown, ALL, only="stages")["stages"].column("by")) == {"onboarding", "live"}
    assert {one.value for one in choices_of(actor, shown, "stage", AskedInPage())} == {"onboarding", "live"}
