"""Stages, the accounts of one and an account that is moved: in a browser, light and dark, on a phone too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.deciding.news import after_run
from tests.apps.conftest import People
from tests.apps.scored import FILES
from tests.journeys.conftest import Visitor
from tests.journeys.faults import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

STAGES = """
stages:
  onboarding:
    order: 1
    exit: score > 1000
    expected: 20 days
    milestones:
      first_value: {title: First value, due: 10 days, reached: score > 1000}
      scored: {title: A score, due: 5 days, reached: score >= 0}
  live: {order: 2}
"""


def test_an_account_is_found_late_in_its_stage_and_moved_on(visitor: Visitor, company: Account, people: People) -> None:
    _begun()
    visitor.signs_in(people.admin.email)
    found = faults_of(
        visitor,
        ("/lifecycle/", "/lifecycle/onboarding/", "/customers/acme/lifecycle/", "/configure/teams/",
         "/customers/acme/panels/stage/"),
    )  # fmt: skip
    assert found == [], "\n".join(found)

    page = visitor.opens("/lifecycle/")
    page.get_by_role("row", name="Onboarding").get_by_role("link").last.click()
    expect(page.get_by_role("row", name="Acme Inc")).to_contain_text("overdue by")
    page.get_by_role("link", name="Stage and milestones of Acme Inc").click()
    page.get_by_label("Stage", exact=True).select_option("live")
    page.get_by_label("Why").fill("Went live early")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("status").or_(page.locator(".messages")).first).to_contain_text("in the stage Live")
    expect(page.locator("tbody tr").first).to_contain_text("Went live early")
    assert visitor.complaints == []


def _begun() -> None:
    run = latest_run()
    assert run is not None
    StageChange.objects.all().delete()
    Account.objects.update(stage="onboarding")
    at = timezone.now() - timedelta(days=(timezone.localdate() - run.as_of).days + 30)
    StageChange.objects.bulk_create(
        StageChange(account=one, stage="onboarding", occurred_at=at, author="CRM") for one in Account.objects.all()
    )
    publish(actor=System("test"), files={**FILES, "stages.yaml": STAGES}, note="Stages")
    after_run(run.pk)
