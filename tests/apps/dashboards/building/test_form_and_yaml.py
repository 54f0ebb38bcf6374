"""A dashboard goes through the form and back: as it was shown it changes nothing, what is typed is what the file says
then, and every chart can be drawn as every other."""

from __future__ import annotations

from typing import Any

import pytest

from keepwell.apps.configuration.editing.parts import changed_parts
from keepwell.apps.configuration.editing.saving import edited
from keepwell.apps.configuration.projects import checked, project_of
from keepwell.apps.dashboards.building.charts import drawn_as
from keepwell.apps.dashboards.building.form import DASHBOARD_FORM
from keepwell.apps.dashboards.building.parts import new_widget
from keepwell.definitions.starting_dashboards import as_yaml, starting_dashboards
from keepwell.definitions.widgets import CHARTS
from keepwell.errors import RequestRefused
from tests.apps.scored import FILES

pytestmark = pytest.mark.slow

PROJECT = project_of(FILES)
STARTING = starting_dashboards(PROJECT)
PAGE = """\
dashboards:
  # looked at each Monday
  monday:
    title: Monday
    roles: csm
    filters:
      csm: {of: csm, title: CSM}   # the owner
    widgets:
      books:
        chart: bar   # by CSM
        dataset: accounts
        by: csm
        measures: {n: count(), arr: {aggregate: sum(arr), unit: EUR}}
        order: arr desc
      use: {chart: line, dataset: logins, by: {grain: week, title: Week}, measures: {n: sum(count)}}
"""
DRAFT = {**FILES, "dashboards.yaml": PAGE}


def held(files: Any, name: str = "monday") -> Any:
    return DASHBOARD_FORM.entries.entry_in(files, name)


def saved(files: Any, name: str = "monday", **inputs: str) -> Any:
    given = {key.replace("__", "/"): text for key, text in inputs.items()}
    typed = {**DASHBOARD_FORM.shown_of(held(files, name)), **given}
    found = edited(DASHBOARD_FORM, files, files, name, typed).files
    return DASHBOARD_FORM.following(found, name, held(files, name))


@pytest.mark.parametrize("name", STARTING)
def test_the_form_as_it_was_shown_changes_nothing(name: str) -> None:
    files = {**FILES, "dashboards.yaml": as_yaml(STARTING)}
    assert saved(files, name) == files


def test_what_is_typed_is_what_the_file_says_and_comments_stay() -> None:
    files = saved(
        DRAFT, title="Mondays", roles__manager="on", filters__1__where="label = 'red'", filters__1__title="Only red",
        widgets__books__by__title="CSM", widgets__books__measures__0__aggregate="count_distinct(id)",
        widgets__books__measures__2__aggregate="avg(score)", widgets__books__limit="5", widgets__use__by__title="",
        widgets__use__period="last_quarter",
    )  # fmt: skip
    found, text = held(files), files["dashboards.yaml"]
    assert found["title"] == "Mondays"
    assert found["roles"] == ["csm", "manager"]
    assert found["filters"]["only_red"] == {"title": "Only red", "where": "label = 'red'"}
    books = found["widgets"]["books"]
    assert books["by"] == {"of": "csm", "title": "CSM"}
    assert books["limit"] == 5
    assert books["measures"] == {
        "n": "count_distinct(id)", "arr": {"aggregate": "sum(arr)", "unit": "EUR"}, "avg_score": "avg(score)",
    }  # fmt: skip
    assert found["widgets"]["use"] | {"measures": {}} == {
        "chart": "line", "dataset": "logins", "by": "week", "measures": {}, "period": "last_quarter"}  # fmt: skip
    assert "# looked at each Monday" in text
    assert "# by CSM" in text
    assert "# the owner" in text
    assert checked(files)[1] == ()


def test_a_row_that_says_nothing_any_more_is_gone() -> None:
    files = saved(DRAFT, widgets__books__measures__1__aggregate="", widgets__books__measures__1__unit="")
    assert held(files)["widgets"]["books"]["measures"] == {"n": "count()"}


def test_a_name_that_is_typed_twice_is_told_apart() -> None:
    files = saved(DRAFT, widgets__books__measures__1__key="n")
    assert set(held(files)["widgets"]["books"]["measures"]) == {"n", "n_2"}


def test_widgets_come_and_go_and_one_stays() -> None:
    files = changed_parts(DASHBOARD_FORM, DRAFT, "monday", "remove-widget:widgets/use", "", {})
    assert set(held(files)["widgets"]) == {"books"}
    assert changed_parts(DASHBOARD_FORM, files, "monday", "remove-widget:widgets/use", "", {}) == files
    with pytest.raises(RequestRefused, match="add another widget before"):
        changed_parts(DASHBOARD_FORM, files, "monday", "remove-widget:widgets/books", "", {})


def test_another_chart_keeps_what_is_told_apart_and_counted() -> None:
    files = saved(DRAFT, widgets__books__chart="table")
    assert held(files)["widgets"]["books"] == {
        "chart": "table", "dataset": "accounts", "columns": {"csm": "csm"},
        "measures": {"n": "count()", "arr": {"aggregate": "sum(arr)", "unit": "EUR"}},
    }  # fmt: skip
    assert "# by CSM" in files["dashboards.yaml"]
    assert checked(files)[1] == ()


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_can_be_drawn_as_every_other(chart: str) -> None:
    begun = new_widget(chart, PROJECT)
    others = {f"as_{one}": drawn_as(begun, one, PROJECT) for one in CHARTS}
    files = {**FILES, "dashboards.yaml": as_yaml({"all": {"widgets": {"begun": begun, **others}}})}
    assert checked(files)[1] == ()
