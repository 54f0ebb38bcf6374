"""Dashboards: what they may say, that each mistake is named with its place, and periods as days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions import Versions
from keepwell.definitions.catalogue import KNOWN_TABLES, catalogue_names
from keepwell.definitions.dashboard_binding import ID
from keepwell.definitions.json_schema import project_schema
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.loading import _as_tuples
from keepwell.definitions.periods import WORDS, Period, parse_period
from keepwell.definitions.starting_dashboards import as_yaml, starting_dashboards, starting_names
from keepwell.definitions.widget_reading import names_of_accounts
from keepwell.engine.reporting.spans import span_before, span_of
from tests.definitions.test_loading import GOOD, load, refused

PAGE = """
dashboards:
  book:
    title: My book
    roles: csm
    period: 6 months
    where: seats > 0
    filters:
      size: {of: segment, chosen: [large]}
      red: {where: label = 'red', on: true}
    widgets:
      arr:
        {chart: number, dataset: accounts, measure: sum(arr), compare: previous_period, place: {x: 0, y: 0, w: 3, h: 2}}
      share:
        chart: number
        dataset: accounts
        measure: {formula: red / n}
        measures: {red: {aggregate: count(), where: label = 'red'}, n: count()}
      calls: {chart: line, dataset: calls_to_action, by: week, split: type, measures: {n: count()}}
      bands: {chart: bar, dataset: accounts, by: label, measures: {n: count(), arr: sum(arr)}, order: arr desc}
      moves: {chart: sankey, dataset: scores, period: this_quarter}
      steps: {chart: funnel, dataset: accounts, steps: {all: {where: 'true'}, good: {where: score > 70}}}
"""


def test_a_good_dashboard_is_read_whole_and_written_as_it_was(tmp_path: Path) -> None:
    project = load(tmp_path, model=GOOD, page=PAGE)
    book = project.dashboards["book"]
    assert list(book.widgets) == ["arr", "share", "calls", "bands", "moves", "steps"]
    assert (book.roles, str(book.period), str(book.widgets["moves"].period)) == (("csm",), "6 months", "this_quarter")
    written = KINDS["dashboards"].adapter.dump_python(book, mode="json", by_alias=True, exclude_defaults=True)
    assert KINDS["dashboards"].adapter.validate_python(_as_tuples(written)) == book
    assert {name.dotted for name in names_of_accounts(project, book.widgets["share"])} == {"label"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "by", "words"),
    [
        ("chart: sankey", "chart: sanky", "unknown chart 'sanky'; did you mean 'sankey'?"),
        ("chart: sankey, ", "", "a widget has a chart, one of number, line, bar"),
        ("measure: sum(arr), compare", "mesure: sum(arr), compare", "unknown key 'mesure'; did you mean 'measure'?"),
        ("measure: sum(arr)", "measure: total(arr)", "total"),
        ("measure: sum(arr)", "measure: {title: ARR}", "either an 'aggregate' over rows or a 'formula'"),
        ("compare: previous_period", "compare: last_year", "allowed: previous_period"),
        ("w: 3", "x: 10, w: 3", "stands here twice"),
        ("x: 0, y: 0, w: 3", "x: 10, y: 0, w: 3", "it ends in column 13 of 12"),
        ("formula: red / n", "formula: red / m", "unknown measure 'm'"),
        (
            "dataset: calls_to_action",
            "dataset: calls_to_act",
            "unknown dataset 'calls_to_act'; did you mean 'calls_to_action'?",
        ),
        ("split: type", "split: tipe", "did you mean `type`?"),
        ("by: week, split", "by: type, split", "a line goes over time; give 'by' a grain"),
        ("by: label", "by: month", "rows of 'accounts' have no time of their own; say which with 'of'"),
        ("by: label", "by: {of: label, grain: month}", "a grain is of dates and times, and `label` is text"),
        ("order: arr desc", "order: arrr desc", "unknown measure or dimension 'arrr'; did you mean 'arr'?"),
        ("order: arr desc", "order: arr downwards", "is not an order"),
        ("dataset: scores", "dataset: accounts", "moves need one; use dataset: scores"),
        ("period: 6 months", "period: half a year", "is not a period"),
        ("period: this_quarter", "period: this_quater", "did you mean 'this_quarter'?"),
        ("where: score > 70", "where: score", "number where a boolean is needed"),
        ("{of: segment, chosen: [large]}", "{of: segment, on: true}", "'on' is for conditions"),
        ("{of: segment, chosen: [large]}", "{}", "a filter has either 'of'"),
        ("where: seats > 0", "where: in_segment('larg')", "unknown segment 'larg'; did you mean 'large'?"),
        ("roles: csm", "roles: [csm, boss]", "allowed: viewer, csm, manager, admin"),
        ("measures: {n: count(), arr", "measures: {n: latest(arr), arr", "latest() needs to know when"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, change: str, by: str, words: str) -> None:
    assert PAGE.count(change) >= 1, change
    assert words in "\n".join(map(str, refused(tmp_path, model=GOOD, page=PAGE.replace(change, by, 1))))


def test_the_version_of_a_dashboard_follows_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    page = PAGE.replace("where: seats > 0", "where: in_segment('large')")
    before = Versions(load(tmp_path / "a", model=GOOD, page=page))
    after = Versions(load(tmp_path / "b", model=GOOD.replace("large: seats >= 200", "large: seats >= 300"), page=page))
    assert before.of("dashboards", "book") != after.of("dashboards", "book")
    assert before.of("scorecards", "everyone") == after.of("scorecards", "everyone")


def test_datasets_of_a_project_stand_before_known_tables(tmp_path: Path) -> None:
    project = load(tmp_path, model=GOOD)
    assert {"accounts", "scores", "calls_to_action"} <= catalogue_names(project)
    assert all(ID in table.columns for table in KNOWN_TABLES.values())


@pytest.mark.slow
def test_dashboards_to_begin_with_are_good_definitions(tmp_path: Path) -> None:
    project = load(tmp_path, model=GOOD)
    assert starting_names() == ("advocacy", "csm", "executive", "leader", "onboarding", "support")
    found = starting_dashboards(project)
    assert "<" not in as_yaml(found).replace("< 90", "")
    again = load(tmp_path, model=GOOD, page=as_yaml(found))
    assert list(again.dashboards) == list(found)
    with pytest.raises(KeyError):
        starting_dashboards(project, "boss")


@pytest.mark.parametrize(
    ("text", "as_of", "span", "before"),
    [
        ("90 days", "2026-10-31", "2026-08-03 to 2026-10-31", "2026-05-05 to 2026-08-02"),
        ("2 weeks", "2026-10-31", "2026-10-18 to 2026-10-31", "2026-10-04 to 2026-10-17"),
        ("1 month", "2026-03-31", "2026-03-01 to 2026-03-31", "2026-02-01 to 2026-02-28"),
        ("1 month", "2026-03-15", "2026-02-16 to 2026-03-15", "2026-01-16 to 2026-02-15"),
        ("2 quarters", "2026-10-31", "2026-05-01 to 2026-10-31", "2025-11-01 to 2026-04-30"),
        ("1 year", "2024-02-29", "2023-03-01 to 2024-02-29", "2022-03-01 to 2023-02-28"),
        ("this_month", "2026-03-31", "2026-03-01 to 2026-03-31", "2026-02-01 to 2026-02-28"),
        ("this_quarter", "2026-11-15", "2026-10-01 to 2026-11-15", "2026-07-01 to 2026-08-15"),
        ("this_week", "2026-10-28", "2026-10-26 to 2026-10-28", "2026-10-19 to 2026-10-21"),
        ("last_quarter", "2026-11-15", "2026-07-01 to 2026-09-30", "2026-04-01 to 2026-06-30"),
        ("last_year", "2026-11-15", "2025-01-01 to 2025-12-31", "2024-01-01 to 2024-12-31"),
        ("all", "2026-11-15", "up to 2026-11-15", "None"),
    ],
)
def test_periods_are_days(text: str, as_of: str, span: str, before: str) -> None:
    period, day = parse_period(text), date.fromisoformat(as_of)
    assert str(span_of(period, day)) == span
    assert str(span_before(period, day)) == before


@given(
    st.one_of(
        st.sampled_from(list(WORDS.values())),
        st.builds(
            Period, st.just("rolling"), st.sampled_from(["day", "week", "month", "quarter", "year"]), st.integers(1, 40)
        ),
    ),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_a_period_follows_the_one_before_without_a_gap_or_overlap(period: Period, as_of: date) -> None:
    assert parse_period(str(period)) == period
    span, before = span_of(period, as_of), span_before(period, as_of)
    assert span.last <= as_of
    if before is not None:
        assert before.first is not None
        assert span.first is not None
        assert before.first <= before.last < span.first
        if period.place != "this":
            assert (span.first - before.last).days == 1


@pytest.mark.slow
def test_the_schema_of_files_knows_dashboards() -> None:
    assert "dashboards" in project_schema()["properties"]
