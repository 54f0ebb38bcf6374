"""The rows behind a metric are those that it was made from, no more and no fewer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.engine.binding import bind
from keepwell.engine.building.build import build_values
from keepwell.engine.explain import RowsBehind, rows_behind
from keepwell.engine.moments import moment
from keepwell.errors import RequestRefused
from keepwell.lake.data import ProjectData
from tests.engine.building.places import opened

DEFINITIONS = """
schemes: {plain: {}}
datasets:
  accounts: {role: accounts, file: accounts.csv, key: id, parent: parent, name: company}
  units: {role: relationships, file: units.csv, key: unit, account: id}
  tickets:
    {file: tickets.csv, key: ticket, account: id, occurred_at: opened, recorded_at: loaded, known_later: [closed]}
  uses: {file: uses.csv, account: {via: tickets, on: ticket}, occurred_at: day}
metrics:
  opened: {dataset: tickets, aggregate: count()}
  urgent_28d: {dataset: tickets, aggregate: count(), where: "priority = 'urgent' and closed is null", window: 28 days}
  spent: {dataset: tickets, aggregate: sum(hours)}
  worst: {dataset: tickets, aggregate: max(hours)}
  last: {dataset: tickets, aggregate: latest(priority), where: hours > 1}
  used: {dataset: uses, aggregate: sum(amount)}
  seats: {attribute: seats}
  per_seat: {formula: (opened + spent) / seats}
  more: {change_of: opened, over: 10 days}
  below: {children: overall_score, of: accounts, aggregate: avg}
  below_seats: {children: opened, of: accounts, aggregate: weighted_avg, weight: seats}
  of_units: {children: overall_score, of: relationships, aggregate: max}
scorecards:
  all:
    scheme: plain
    groups: {all: {weight: 1, measures: {opened: {weight: 1, score: {linear: [[0, 0], [10, 100]]}}}}}
  units:
    {for: relationship, scheme: plain, groups: {all: {weight: 1, measures: {u: {weight: 1, manual: true}}}}}
"""
FILES = {
    "accounts": "id,parent,company,seats\nA,,Acme,4\nB,A,Bolt,2\nC,A,Core,6\n",
    "units": "unit,id\nu1,A\nu2,B\n",
    "tickets": """\
        ticket,id,opened,loaded,priority,hours,closed
        t1,A,2026-03-01,2026-03-01,urgent,2,2026-03-10
        t2,A,2026-03-05,2026-03-05,urgent,1,
        t3,A,2026-03-06,2026-03-20,low,,
        t4,B,2026-03-02,2026-03-02,urgent,9,
        t5,A,2026-01-02,2026-01-02,urgent,3,
        """,
    "uses": "ticket,day,amount\nt1,2026-03-02,5\nt4,2026-03-03,7\nt1,2026-03-04,1\n",
}

Ask = Callable[..., RowsBehind]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[ProjectData]:
    with opened(tmp_path, DEFINITIONS, FILES) as data:
        bind(data.project, data)
        yield data


@pytest.fixture
def ask(data: ProjectData) -> Ask:
    def behind(metric: str, entity: str = "A", as_of: str = "2026-03-08", limit: int = 50) -> RowsBehind:
        at = moment(date.fromisoformat(as_of), data.project.settings.time_zone)
        return rows_behind(data.project, data, metric, entity, at, limit=limit)

    return behind


def keys(behind: RowsBehind, column: str = "ticket") -> list[object]:
    assert behind.table is not None
    return behind.table[column].to_pylist()


@pytest.mark.slow
def test_rows_of_a_count_are_those_that_had_happened_and_were_known(ask: Ask) -> None:
    """t3 arrives on the 20th; t4 is another account's."""
    found = ask("opened")
    assert (keys(found), found.total) == (["t2", "t1", "t5"], 3)
    assert keys(ask("opened", as_of="2026-03-20")) == ["t3", "t2", "t1", "t5"]
    assert found.definition == "count() of tickets"


@pytest.mark.slow
def test_rows_keep_to_the_window_and_the_condition_and_read_as_they_did_then(ask: Ask) -> None:
    """t1 is closed on the 10th: on the 8th nobody knows, and its closing reads as null. t5 is too old."""
    found = ask("urgent_28d")
    assert (keys(found), keys(found, "closed")) == (["t2", "t1"], [None, None])
    assert (found.columns[:4], found.leading) == (("opened", "ticket", "priority", "closed"), 4)
    assert keys(ask("urgent_28d", as_of="2026-03-12")) == ["t2"]


@pytest.mark.slow
def test_only_rows_with_a_value_enter(ask: Ask) -> None:
    assert keys(ask("spent", as_of="2026-03-20")) == ["t2", "t1", "t5"]


@pytest.mark.slow
def test_what_decides_comes_first(ask: Ask) -> None:
    assert keys(ask("worst")) == ["t5", "t1", "t2"]
    last = ask("last")
    assert (keys(last), last.note) == (["t1", "t5"], "the first row is the one that counts")


@pytest.mark.slow
def test_a_limit_keeps_the_total(ask: Ask) -> None:
    found = ask("opened", limit=1)
    assert (keys(found), found.total) == (["t2"], 3)


@pytest.mark.slow
def test_rows_by_way_of_another_dataset(ask: Ask) -> None:
    assert keys(ask("used"), "amount") == [1, 5]


@pytest.mark.slow
def test_an_attribute_is_its_row(ask: Ask) -> None:
    found = ask("seats")
    assert found.table is not None
    assert (found.table.to_pylist(), found.columns[:2]) == (
        [{"id": "A", "seats": 4, "parent": None, "company": "Acme"}],
        ("id", "seats"),
    )
    assert "no history" in str(found.note)


@pytest.mark.slow
def test_a_formula_goes_down_to_its_metrics_and_attributes(ask: Ask) -> None:
    found = ask("per_seat")
    assert (found.table, [one.metric for one in found.inputs]) == (None, ["opened", "spent", "seats"])
    assert [one.total for one in found.inputs] == [3, 3, 1]


@pytest.mark.slow
def test_a_change_shows_both_dates(ask: Ask) -> None:
    now, before = ask("more").inputs
    assert (keys(now), keys(before)) == (["t2", "t1", "t5"], ["t5"])
    assert (before.moment.as_of, before.moment.known_at) == (date(2026, 2, 26), now.moment.known_at)


@pytest.mark.slow
def test_children_stand_with_what_they_give(ask: Ask) -> None:
    found = ask("below")
    assert found.table is not None
    assert found.table.to_pylist() == [{"account": "B", "overall_score": 10}, {"account": "C", "overall_score": 0}]
    weighted = ask("below_seats")
    assert weighted.table is not None
    assert weighted.table.to_pylist()[0] == {"account": "B", "opened": 1, "seats": 2}
    units = ask("of_units")
    assert units.table is not None
    assert (units.table["relationship"].to_pylist(), units.total) == (["u1"], 1)
    assert (ask("below", entity="C").total, ask("below", entity="C").note) == (0, "there are no child accounts")


def test_a_metric_that_is_not_there_is_refused_with_the_nearest(ask: Ask) -> None:
    with pytest.raises(RequestRefused, match="did you mean 'opened'"):
        ask("open")


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_number_of_rows_is_the_count(data: ProjectData, draw: st.DataObject) -> None:
    as_of = date(2026, 2, 20) + timedelta(days=draw.draw(st.integers(0, 40)))
    name = draw.draw(st.sampled_from(["opened", "urgent_28d"]))
    entity = draw.draw(st.sampled_from(["A", "B", "C"]))
    at = moment(as_of, "UTC")
    (values,) = build_values(data.project, data, [at])
    value = values.accounts.metrics[name][values.accounts.ids.to_pylist().index(entity)].as_py()
    assert rows_behind(data.project, data, name, entity, at).total == value
