"""Values that are kept: for the definitions and the data that they were made from, and for no other."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.errors import RequestRefused
from keepwell.lake.data import ProjectData, open_data
from keepwell.learning.backtest import Contender, Settings, backtest
from keepwell.learning.valuing import DatedValues, data_version, values_version
from tests.learning.company import ASKED, Company, company

DAY = date(2026, 3, 1)


@pytest.fixture
def made(tmp_path: Path) -> Company:
    return company(tmp_path / "data", accounts=20)


def version_of(made: Company) -> str:
    with made.data() as data:
        return values_version(data.project, data)


def untouched(made: Company) -> ProjectData:
    """The data as they lie there, not written again."""
    return open_data(made.project(), made.folder)


@pytest.mark.slow
def test_the_same_data_have_the_same_version(made: Company) -> None:
    first = version_of(made)
    with untouched(made) as data:
        assert values_version(data.project, data) == first


@pytest.mark.slow
@pytest.mark.parametrize("name", ["accounts", "logins", "tickets"])
def test_changed_data_have_another_even_of_the_same_size(made: Company, name: str) -> None:
    first = version_of(made)
    file = made.folder / f"{name}.csv"
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))
    with untouched(made) as data:
        assert values_version(data.project, data) != first


@pytest.mark.slow
def test_outcomes_are_not_what_values_rest_on(made: Company) -> None:
    first = version_of(made)
    (made.folder / "renewals.csv").write_text("account_id,decided_on,result,arr\n")
    with untouched(made) as data:
        assert values_version(data.project, data) == first


@pytest.mark.slow
def test_a_file_more_is_other_data(made: Company) -> None:
    made.definitions["datasets"]["logins"]["file"] = "logins*.csv"
    first = version_of(made)
    (made.folder / "logins_2.csv").write_text("account_id,day\na001,2026-02-27\n")
    with untouched(made) as data:
        assert values_version(data.project, data) != first


@pytest.mark.slow
def test_values_read_back_are_those_of_the_changed_facts(made: Company, tmp_path: Path) -> None:
    def logins() -> pa.ChunkedArray:
        with made.data() as data:
            (values,) = DatedValues(data.project, data, tmp_path / "values").at([DAY])
            return values.accounts.metrics["logins_28d"]

    before = logins()
    made.tables["logins"] = made.tables["logins"][:1]
    assert sum(before.to_pylist()) > 20
    assert sum(logins().to_pylist()) <= 1


class Tables:
    """A source of facts that cannot tell when they change."""

    def __init__(self, data: ProjectData) -> None:
        self._data = data
        self.dialect = data.dialect

    def table(self, name: str) -> object:
        return self._data.table(name)

    def run(self, expression: object) -> object:
        return self._data.run(expression)


@pytest.mark.slow
def test_a_source_that_cannot_tell_keeps_no_values(made: Company, tmp_path: Path) -> None:
    with made.data() as data:
        source = Tables(data)
        assert data_version(data.project, source) is None
        own = Contender("health", data.project, source)
        with pytest.raises(RequestRefused, match="leave out --values"):
            backtest(own, ASKED, Settings(values=tmp_path / "values"))
