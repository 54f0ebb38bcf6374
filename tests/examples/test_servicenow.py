"""The helpdesk on April 30th 2016: one location worked by hand, all locations against plain SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from keepwell.engine.run import Run
from tests.examples.reading import run_example, seen

exactly = pytest.approx


@pytest.fixture(scope="module")
def run(shared: Path) -> Run:
    return run_example("servicenow", shared / "data" / "servicenow_incidents", date(2016, 4, 30))


@pytest.mark.slow
def test_metrics_of_location_85(run: Run) -> None:
    metrics = seen(run, "Location 85").metrics
    # Opened from April 3rd on: INC0014857, 16624, 18458, 19346, 22529, 23494, 24300
    assert metrics["tickets_28d"] == 7
    # Active or new on that evening: INC0009206 of March 21st, 11744, 24300. Their rows carry closing times in May
    assert metrics["open_tickets"] == 3
    assert metrics["oldest_open_days"] == 40
    assert metrics["backlog_days"] == 12  # 3 / (7 / 28)
    # Resolved: after 0, 8, 4, 4, 33, 5, 7, 1 and 4 days; INC0016624 has two such rows
    assert metrics["days_to_resolve_28d"] == exactly(66 / 9)
    # Closed: INC0007097, 7921, 11724, 13061, 14857, 16624, 18458, 19346; in time 14857 and 19346; none opened again
    assert metrics["closed_28d"] == 8
    assert metrics["sla_share"] == 0.25
    assert metrics["reopen_rate"] == 0
    assert metrics["open_critical"] == 0  # INC0022529 is resolved since the day before
    assert metrics["tickets_change"] == exactly(-22.222222)  # 9 in the 28 days before


@pytest.mark.slow
def test_card_of_location_85(run: Run) -> None:
    found = seen(run, "Location 85")
    assert found.measures == exactly(
        {
            "backlog": 36.111111,  # from (5, 75) to (14, 25): 75 - 50 * 7/9
            "oldest_ticket": 9.677419,  # from (14, 60) to (45, 0): 60 * 5/31
            "time_to_resolve": 47.142857,  # from (3, 75) to (10, 30): 75 - 45 * 4.333333/7
            "in_time": 0,
            "opened_again": 100,
        }
    )
    # 0.4 * (36.111111 + 9.677419) / 2 + 0.3 * 47.142857 + 0.3 * (2 * 0 + 100) / 3
    assert found.computed == exactly(33.300563)
    assert (found.label, found.overrides) == ("red", ())


@pytest.mark.slow
def test_changes_without_a_location_are_no_account_of_the_card(run: Run) -> None:
    ids = run.scores.accounts.ids.to_pylist()
    assert [ids[row] for row in run.scores.accounts.unassigned] == ["?"]


@pytest.mark.slow
def test_all_locations_against_sql(run: Run, shared: Path) -> None:
    """The state of each ticket by the end of the day, with the source's own count of changes to break ties."""
    file = shared / "data" / "servicenow_incidents" / "incident_events.csv.gz"
    with duckdb.connect() as connection:
        rows = connection.execute(_LOCATIONS, [str(file)]).fetchall()
    metrics = run.values.accounts.metrics.select(["tickets_28d", "open_tickets", "closed_28d"]).to_pylist()
    found = dict(zip(run.values.accounts.ids.to_pylist(), (tuple(row.values()) for row in metrics), strict=True))
    expected = {location: counts for location, *counts in rows}
    assert found == {location: tuple(expected.get(location, (0, 0, 0))) for location in found}
    assert set(expected) <= set(found)


_LOCATIONS = """
with changes as (
    select number, location, incident_state, sys_mod_count::int as change,
           strptime(opened_at, '%d/%m/%Y %H:%M') as opened, strptime(closed_at, '%d/%m/%Y %H:%M') as closed,
           strptime(sys_updated_at, '%d/%m/%Y %H:%M') as changed
    from read_csv(?, all_varchar = true)
),
states as (
    select arg_max(struct_pack(location, incident_state, opened, closed), (changed, change)) as s
    from changes where changed < timestamp '2016-05-01' group by number
)
select s.location, count_if(s.opened >= timestamp '2016-04-03'),
       count_if(s.incident_state not in ('Resolved', 'Closed')),
       count_if(s.closed >= timestamp '2016-04-03' and s.closed < timestamp '2016-05-01')
from states group by 1
"""
