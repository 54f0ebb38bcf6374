"""keepwell dashboard: list, show, rows behind a value, and dashboards to begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.project import AS_OF, Answer, Command, Project

pytestmark = pytest.mark.slow

PAGE = """
dashboards:
  book:
    title: My book
    roles: csm
    filters: {large: {where: seats >= 4}, company: {of: company}}
    widgets:
      arr: {title: ARR, chart: number, dataset: accounts, measure: sum(arr), compare: previous_period, period: 60 days}
      bands: {chart: bar, dataset: accounts, by: label, measures: {customers: count(), arr: sum(arr)}}
      people: {chart: line, dataset: logins, by: week, split: account.company, measures: {n: count()}, period: 14 days}
      calls: {chart: number, dataset: calls_to_action, measure: count()}
      moves: {chart: sankey, dataset: scores, period: 28 days}
"""


@pytest.fixture
def page(project: Project) -> Project:
    (project.definitions / "page.yaml").write_text(PAGE, "utf-8")
    return project


def dashboard(keepwell: Command, page: Project, verb: str, *more: str | Path) -> Answer:
    """`keepwell dashboard VERB` on the project and its data, at a date."""
    return keepwell("dashboard", verb, page.definitions, *more, "--data", page.data, "--as-of", AS_OF)


def test_every_widget_is_shown_as_its_numbers(keepwell: Command, page: Project) -> None:
    shown = dashboard(keepwell, page, "show", "book")
    assert shown.code == 0, shown.err
    for words in ("My book", "ARR   at 2026-10-31, before: at 2026-09-01", "from", "Customers", "Label on 2026-10-03"):
        assert words in shown.out, (words, shown.out)
    assert "'calls_to_action' (calls to action) is kept by the application" in " ".join(shown.out.split())


def test_filters_narrow_what_is_shown(keepwell: Command, page: Project) -> None:
    arr = ("--widget", "arr")
    assert "72,500" in dashboard(keepwell, page, "show", "book", *arr).out
    assert "64,000" in dashboard(keepwell, page, "show", "book", *arr, "--filter", "large").out
    assert "7,000" in dashboard(keepwell, page, "show", "book", *arr, "--filter", "company=Elm").out
    assert "1,000" in dashboard(keepwell, page, "show", "book", *arr, "--where", "account_id = 'a1'").out
    nobody = dashboard(keepwell, page, "show", "book", *arr, "--filter", "company=Nobody")
    assert nobody.code == 0


def test_results_are_written_as_files(keepwell: Command, page: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shown = dashboard(keepwell, page, "show", "book", "--as-of", AS_OF, "--out", out)
    assert shown.code == 0, shown.err
    assert (out / "arr.csv").read_text().splitlines()[0] == '"value","value_before"'
    assert (out / "bands.csv").read_text().splitlines()[0] == '"by","customers","arr"'
    assert not (out / "calls.csv").exists()


def test_the_rows_behind_a_value(keepwell: Command, page: Project) -> None:
    shown = dashboard(keepwell, page, "rows", "book", "bands", "--at", "by=unknown")
    assert shown.code == 0, shown.err
    every = dashboard(keepwell, page, "rows", "book", "bands").out
    assert all(name in every for name in ("Aster", "Birch", "Elm"))
    assert "unknown dimension 'bi'" in dashboard(keepwell, page, "rows", "book", "bands", "--at", "bi=x").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "bok"], "did you mean 'book'?"),
        (["show", "book", "--widget", "ar"], "unknown widget 'ar'"),
        (["show", "book", "--period", "a while"], "'a while' is not a period"),
        (["show", "book", "--filter", "size=1"], "unknown filter 'size'"),
        (["show", "book", "--filter", "large=1"], "is switched on, and takes no value"),
        (["show", "book", "--filter", "company"], "takes values"),
        (["show", "book", "--where", "arr >"], "expression"),
        (["rows", "book", "people", "--at", "by=yesterday"], "is not a date"),
        (["rows", "book", "people", "--at", "by"], "write KEY=VALUE"),
    ],
)
def test_what_is_not_there_is_named(keepwell: Command, page: Project, arguments: list[str], words: str) -> None:
    verb, *rest = arguments
    shown = dashboard(keepwell, page, verb, *rest)
    assert shown.code == 1
    assert words in shown.err


def test_dashboards_to_begin_with(keepwell: Command, project: Project) -> None:
    assert "There are no dashboards" in keepwell("dashboard", "list", project.definitions).out
    made = keepwell("dashboard", "start", project.definitions, "--for", "csm", "--for", "executive")
    assert (made.code, "my_book, retention" in made.out) == (0, True)
    listed = keepwell("dashboard", "list", project.definitions).out
    assert "Renewals ahead  renewals, stacked over accounts" in listed
    shown = dashboard(keepwell, project, "show", "retention")
    assert shown.code == 0, shown.err
    again = keepwell("dashboard", "start", project.definitions)
    assert again.code == 1
    assert "has dashboards of these names already: my_book, retention" in again.err
    assert "did you mean 'executive'?" in keepwell("dashboard", "start", project.definitions, "--for", "executives").err
