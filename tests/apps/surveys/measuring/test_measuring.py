"""A survey in a scorecard: the metrics that the page makes give the very numbers of the engine's account values."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import publish_draft
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.models import Person as Contact
from keepwell.apps.surveys.measuring.metrics import measured
from keepwell.apps.surveys.measuring.values import values_of
from keepwell.apps.surveys.results.asking import today_in
from keepwell.apps.surveys.results.reading import subject_of
from tests.apps.conftest import People
from tests.apps.measured import account_values
from tests.apps.scored import FILES
from tests.apps.surveys.results.asked import SURVEYS, answer, publish_survey

pytestmark = pytest.mark.slow
OTHERS = {
    "nps": "{question: recommend, aggregate: nps, within: 365 days}",
    "mean": "{question: recommend, aggregate: mean}",
    "good": "{question: ease, aggregate: top_share, within: 90 days}",
    "latest": "{question: recommend, aggregate: latest}",
}


@pytest.fixture
def definitions() -> dict[str, str]:
    return {**FILES, "surveys.yaml": SURVEYS}


def given(company: Account) -> None:
    first, second = (Contact.objects.create(account_id="acme") for _ in range(2))
    answer("acme", 10, days_ago=40, person=first.pk, ease=7)
    answer("acme", 3, days_ago=3, person=first.pk, ease=2)
    answer("acme", 9, days_ago=400, person=second.pk, ease=6)
    answer("acme", 8, days_ago=20, ease=6)
    answer("brix", 9, days_ago=1)
    answer("zeta", 0, days_ago=800, ease=1)


@pytest.mark.parametrize("ending", list(OTHERS))
def test_the_metric_is_the_value_of_the_account(
    company: Account, as_manager: Client, people: People, ending: str
) -> None:
    publish_survey(SURVEYS.replace(OTHERS["nps"], OTHERS[ending]))
    given(company)
    assert as_manager.post("/surveys/pulse/measure/").status_code == 302
    draft = Draft.objects.get(name__startswith="Surveys in scorecards")
    assert checked(draft.files)[1] == ()
    publish_draft(actor=Person(people.manager), draft=draft, note="Answers count")
    subject = subject_of("pulse")
    today = today_in(subject)
    expected = {one.account: (one.value, one.count) for one in values_of(subject, today)}
    assert expected
    found = {account: one for account, one in metric_values(today, ending).items() if one[0] is not None}
    if ending == "latest":  # the engine says one answer, and the metric counts all that are known
        expected = {account: (value, found[account][1]) for account, (value, _) in expected.items()}
    assert found == {account: (pytest.approx(value), count) for account, (value, count) in expected.items()}


def metric_values(today: date, ending: str) -> dict[str, tuple[float | None, float]]:
    values = account_values(today)
    value, count = (values.metrics[f"pulse_{one}"].to_pylist() for one in (ending, "answers"))
    return dict(zip(values.ids.to_pylist(), zip(value, count, strict=True), strict=True))


def test_the_page_shows_yaml_and_values_and_only_those_who_configure_make_a_draft(
    company: Account, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    given(company)
    page = as_owner.get("/surveys/pulse/measure/").content.decode()
    assert "pulse_nps:" in page
    assert "valid_for: 180 days" in page
    assert "2 accounts that you see have a value" in page
    assert "Put them into a draft" not in page
    assert "No account that you see has an answer" in as_stranger.get("/surveys/pulse/measure/").content.decode()
    assert as_owner.post("/surveys/pulse/measure/").status_code == 403
    assert as_manager.post("/surveys/pulse/measure/").status_code == 302
    assert as_manager.post("/surveys/pulse/measure/").status_code == 422


def test_a_survey_without_a_scale_has_no_value(company: Account, as_manager: Client) -> None:
    publish_survey("surveys: {pulse: {questions: [{name: why, kind: text, text: Why?}]}}\n")
    assert "No value of accounts" in as_manager.get("/surveys/pulse/measure/").content.decode()
    assert as_manager.post("/surveys/pulse/measure/").status_code == 422
    project = current_project()
    assert project is not None
    assert measured(project, "pulse", project.surveys["pulse"]) is None
