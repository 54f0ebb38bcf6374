"""A company small enough to count by hand: five accounts, one of which has left, tickets, and scores by seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from keepwell.definitions.loading import parse_project
from keepwell.definitions.project import Project
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.explain.states import State
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.history import HISTORY
from keepwell.engine.reporting.reporter import answer_widgets
from keepwell.engine.reporting.results import Result
from keepwell.engine.rules.columns import columns
from keepwell.engine.rules.needs import Needs
from keepwell.engine.run import score
from keepwell.lake.data import open_data
from keepwell.lake.reporting import ReportTables

AS_OF = date(2026, 10, 31)

ACCOUNTS = """id,name,segment,arr,seats,since,until
a,Aster,large,100,90,2025-01-15,
b,Birch,large,300,40,2026-08-10,
c,Cedar,small,50,20,2026-09-01,
d,Dahlia,,10,80,2026-10-30,
e,Elm,small,40,10,2025-02-01,2026-10-10
"""
TICKETS = """id,account,opened,closed,priority,hours
1,a,2026-10-31 23:30,,urgent,1
2,a,2026-10-30 10:00,2026-10-31 09:00,low,3
3,b,2026-10-05 10:00,2026-11-02 09:00,urgent,5
4,b,2026-08-20 10:00,2026-08-21 10:00,low,2
5,e,2026-09-15 10:00,2026-09-16 10:00,urgent,4
6,z,2026-10-20 10:00,,low,
7,c,2026-07-20 10:00,2026-08-01 10:00,low,8
"""
"""Account z is nobody's; 1 is opened after the date in Berlin, and 3 closed after it."""

DEFINITIONS: dict[str, Any] = {
    "datasets": {
        "accounts": {
            "role": "accounts", "file": "accounts.csv", "key": "id", "name": "name", "arr": "arr",
            "started_at": "since", "ended_at": "until",
        },
        "tickets": {
            "file": "tickets.csv", "key": "id", "account": "account", "occurred_at": "opened", "time_zone": "UTC",
            "known_later": {"closed": "closed"},
        },
    },
    "metrics": {"seats_now": {"attribute": "seats"}, "tickets_90d": {
        "dataset": "tickets", "aggregate": "count()", "window": "90 days"}},
    "segments": {"big": "arr >= 100", "big_and_silent": "in_segment('big') and tickets_90d = 0"},
    "schemes": {"light": {"bands": [{"label": "red", "up_to": 30}, {"label": "green", "up_to": 100}]}},
    "scorecards": {"all": {"scheme": "light", "groups": {"use": {"weight": 1, "measures": {
        "seats_now": {"weight": 1, "score": {"linear": [[0, 0], [100, 100]]}}}}}}},
}  # fmt: skip

LABELS = (
    ("a", "green", "green"),
    ("b", "red", "green"),
    ("c", "green", "red"),
    ("d", None, "green"),
    ("e", "red", None),
)
"""Account, band at the end of September, band at the end of October."""


@contextmanager
def tables(folder: Path, project: Project) -> Iterator[ReportTables]:
    """Its data, written into a folder. Nothing was kept of accounts before October."""
    (folder / "accounts.csv").write_text(ACCOUNTS)
    (folder / "tickets.csv").write_text(TICKETS)
    with open_data(project, folder) as data:

        def population(as_of: date, names: frozenset[str]) -> pa.Table | None:
            if as_of < date(2026, 10, 1):
                return None
            run = score(project, data, as_of=as_of)
            return columns(State(project, run.values, run.scores), Needs(names, frozenset()))

        yield ReportTables(project, data, population, {"scores": history})


def history() -> pa.Table:
    """Scores of the last day of September and of October, and one older."""
    days = (date(2026, 8, 1), date(2026, 9, 30), date(2026, 10, 31))
    rows = [
        {"account_id": account, "as_of": day, "score": 80.0 if label == "green" else 20.0, "label": label}
        for account, *labels in LABELS
        for day, label in zip(days, [labels[1], *labels], strict=True)
        if label is not None
    ]
    return pa.Table.from_pylist(rows, schema=HISTORY)


def project_with(**widgets: Mapping[str, Any]) -> Project:
    """The company's definitions with one dashboard of these widgets."""
    shown = {"dashboards": {"page": {"widgets": widgets}}} if widgets else {}
    return parse_project({**DEFINITIONS, **shown}, {"time_zone": "Europe/Berlin"})


def answered(folder: Path, widget: Mapping[str, Any], **asked: Any) -> Result:
    """The result of one widget, as it stands in YAML."""
    project = project_with(one=widget)
    chosen: WidgetBase = project.dashboards["page"].widgets["one"]
    with tables(folder, project) as found:
        return answer_widgets(project, found, {"one": chosen}, Asked(AS_OF, **asked))["one"]


def sight(*accounts: str) -> ibis.Table:
    """The accounts that a reader sees."""
    return ibis.memtable(pa.table({"account_id": pa.array(accounts, pa.string())}))


def listed(result: Result, *names: str) -> list[tuple[Any, ...]]:
    """Rows of a result as tuples."""
    assert result.problem is None, result.problem
    chosen = names or tuple(one.name for one in result.columns)
    return list(zip(*(result.column(name) for name in chosen), strict=True))
