"""Every panel at its own address, for the people who may see the account and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Role
from keepwell.apps.customer360.panels import BY_NAME
from keepwell.apps.customers.models import Account
from keepwell.apps.health.jobs import rebuild
from keepwell.apps.health.models import Feedback, Rebuild, Run
from keepwell.apps.health.place import lake, values_path
from tests.apps.conftest import People
from tests.apps.scored import TODAY

INSIDE = {"HX-Request": "true"}


def inside(client: Client, name: str, account: str = "acme", **asked: str) -> str:
    answer = client.get(f"/customers/{account}/panels/{name}/", asked, headers=INSIDE)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_NAME)
def test_owner_and_colleague_see_each_panel_and_to_a_stranger_there_is_none(
    name: str, company: Account, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    assert as_owner.get(f"/customers/acme/panels/{name}/").status_code == 200
    assert as_colleague.get(f"/customers/acme/panels/{name}/", headers=INSIDE).status_code == 200
    assert as_stranger.get(f"/customers/acme/panels/{name}/").status_code == 404


@pytest.mark.slow
def test_a_panel_that_is_opened_by_itself_is_a_whole_page(company: Account, as_owner: Client) -> None:
    whole = as_owner.get("/customers/acme/panels/scorecard/").content.decode()
    assert "<!doctype html>" in whole
    assert "Acme Inc" in whole
    assert "<!doctype html>" not in inside(as_owner, "scorecard")


@pytest.mark.slow
def test_there_is_no_panel_of_another_name(company: Account, as_owner: Client) -> None:
    assert as_owner.get("/customers/acme/panels/nothing/").status_code == 404


def test_the_page_answers_first(company: Account, as_owner: Client) -> None:
    page = as_owner.get("/customers/acme/").content.decode()
    assert page.index("since last week") < page.index('hx-trigger="load"')
    assert "in 30 days" in page


def test_the_waterfall_adds_up_to_the_score_that_is_shown(company: Account, as_owner: Client) -> None:
    context = as_owner.get("/customers/acme/panels/scorecard/", headers=INSIDE).context
    assert sum(bar.shown for bar in context["bars"]) == pytest.approx(float(context["why"].shown))
    assert context["bars"][-1].step.after == pytest.approx(context["why"].final)


def test_an_override_that_fired_tells_what_it_saw(company: Account, as_manager: Client) -> None:
    said = inside(as_manager, "scorecard", "zeta")
    assert "Two urgent tickets open" in said
    assert "open_urgent was 3" in said


@pytest.mark.slow
def test_the_rows_behind_a_measure_are_those_it_was_made_from(company: Account, as_owner: Client) -> None:
    said = as_owner.get("/customers/acme/metrics/active_days/rows/", headers=INSIDE).content.decode()
    assert "14 rows" in said
    assert said.count("acme-east") == 14


def test_rows_of_a_stranger_s_account_or_of_no_metric_are_not_there(
    company: Account, as_owner: Client, as_stranger: Client
) -> None:
    assert as_stranger.get("/customers/acme/metrics/active_days/rows/").status_code == 404
    assert as_owner.get("/customers/acme/metrics/nothing/rows/").status_code == 404


def test_ways_into_a_band_say_which_override_has_to_end(company: Account, as_manager: Client) -> None:
    said = inside(as_manager, "reach", "zeta")
    assert "open_urgent &gt;= 2 no longer holds" in said
    assert "green" in said


def test_a_band_that_is_not_there_is_told_with_those_that_are(company: Account, as_owner: Client) -> None:
    assert "choose one of red, yellow, green" in inside(as_owner, "reach", band="blue")


@pytest.mark.slow
def test_values_of_an_old_date_are_built_by_a_worker_while_the_panel_waits(
    company: Account, as_owner: Client, as_stranger: Client
) -> None:
    asked = {"from": str(TODAY - timedelta(weeks=1)), "to": str(TODAY)}
    before = inside(as_owner, "change", "brix", **asked)
    old = Run.objects.get(as_of=TODAY - timedelta(weeks=1))
    values_path(old.pk).unlink()
    assert as_stranger.get("/customers/brix/panels/change/", asked).status_code == 404
    assert not Rebuild.objects.exists()
    for _ in range(2):  # asked again every second
        said = inside(as_owner, "change", "brix", **asked)
    assert 'hx-trigger="every 1s"' in said
    assert "builds the values of" in said
    assert not values_path(old.pk).exists()  # the request has not built them
    assert ProcrastinateJob.objects.filter(task_name="health:rebuild").count() == 1
    rebuild(old.pk)
    after = inside(as_owner, "change", "brix", part="1", **asked)
    assert 'hx-trigger="every 1s"' not in after
    assert after.strip() in before  # the same to the letter


@pytest.mark.slow
def test_values_that_cannot_be_built_say_why_and_are_tried_again(company: Account, as_owner: Client) -> None:
    asked = {"from": str(TODAY - timedelta(weeks=1)), "to": str(TODAY)}
    old = Run.objects.get(as_of=TODAY - timedelta(weeks=1))
    values_path(old.pk).unlink()
    inside(as_owner, "change", **asked)
    facts = lake().root / "facts" / "logins"
    facts.rename(facts.with_name("away"))
    rebuild(old.pk)
    said = inside(as_owner, "change", **asked)
    assert "could not be built again" in said
    assert 'hx-trigger="every 1s"' not in said
    facts.with_name("away").rename(facts)
    said = as_owner.post("/customers/acme/panels/change/", query_params=asked, headers=INSIDE).content.decode()
    assert 'hx-trigger="every 1s"' in said
    rebuild(old.pk)
    assert "became" in inside(as_owner, "change", **asked)


@pytest.mark.slow
def test_the_parts_of_a_change_add_up_to_it(company: Account, as_owner: Client) -> None:
    """The first date keeps no values: they are built anew from the facts as they were known then."""
    found = as_owner.get("/customers/brix/panels/change/", headers=INSIDE).context["found"]
    assert found.old_as_of < found.new_as_of
    assert sum(part.change for part in found.parts) == pytest.approx(found.change)


def test_a_date_that_was_not_scored_is_said_to_be_none(company: Account, as_owner: Client) -> None:
    assert "1999-01-01 was not scored" in inside(as_owner, "change", **{"from": "1999-01-01"})


@pytest.mark.slow
def test_history_has_the_score_of_each_date_in_chart_table_and_csv(company: Account, as_owner: Client) -> None:
    said = inside(as_owner, "history")
    assert "history-option" in said
    assert "2026-03-02" in said
    answer = as_owner.get("/customers/acme/panels/history/?format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert len(answer.content.decode().splitlines()) == 3


def test_benchmark_places_the_most_used_account_on_top(company: Account, as_owner: Client) -> None:
    rows = as_owner.get("/customers/acme/panels/benchmark/", headers=INSIDE).context["rows"]
    active = next(row for row in rows if row.measure.name == "active_days")
    assert active.own == 14
    assert active.portfolio.percentile == 100
    assert active.portfolio.accounts == 6
    assert active.segment.accounts == Account.objects.filter(segments__contains=["large"]).count()


def test_the_hierarchy_shows_only_children_that_the_person_sees(
    company: Account, people: People, as_owner: Client, as_colleague: Client
) -> None:
    Account.objects.filter(pk="zeta").update(parent="acme")
    said = inside(as_owner, "hierarchy")
    assert "Brix Inc" in said
    assert "Zeta Inc" not in said


def say(client: Client, account: str = "acme", **fields: str) -> tuple[int, str]:
    answer = client.post(f"/customers/{account}/panels/feedback/", fields, headers=INSIDE)
    return answer.status_code, answer.content.decode()


@pytest.mark.slow
def test_the_owner_says_that_a_score_feels_wrong_and_it_is_kept_with_its_audit(
    company: Account, as_owner: Client
) -> None:
    status, said = say(as_owner, expected="red", reason="Their sponsor left")
    kept = Feedback.objects.get()
    assert status == 200
    assert (kept.account_id, kept.expected_label, kept.author) == ("acme", "red", "Ada")
    assert "Their sponsor left" in said
    assert "questioned" in inside(as_owner, "audit")


def test_without_a_reason_the_form_comes_back_as_it_was_typed(company: Account, as_owner: Client) -> None:
    status, said = say(as_owner, expected="red", reason="  ")
    assert status == 422
    assert '<option value="red" selected>' in said
    assert not Feedback.objects.exists()


def test_a_band_of_another_card_is_refused_with_those_there_are(company: Account, as_owner: Client) -> None:
    status, said = say(as_owner, expected="blue", reason="It is blue")
    assert status == 422
    assert "Choose one of red, yellow, green." in said


@pytest.mark.slow
def test_a_stranger_cannot_say_anything_and_a_viewer_may_not(
    company: Account, people: People, as_stranger: Client, as_colleague: Client
) -> None:
    assert say(as_stranger, expected="red", reason="I wonder")[0] == 404
    User.objects.filter(pk=people.colleague.pk).update(role=Role.VIEWER)
    assert say(as_colleague, expected="red", reason="I wonder")[0] == 403
    assert "Your role reads only" in inside(as_colleague, "feedback")
    assert not Feedback.objects.exists()
