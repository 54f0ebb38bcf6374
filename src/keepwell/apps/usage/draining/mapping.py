"""The feature map over events on their way into the lake."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.engine.adoption.feature_map import feature_sql
from keepwell.lake.statements import open_duckdb


class Mapper:
    """Fills the column `feature` by the map in force; a map counts from the batch after its publication."""

    def __init__(self) -> None:
        self._number, self._sql = 0, ""
        self._opened: duckdb.DuckDBPyConnection | None = None

    def __call__(self, events: pa.Table) -> pa.Table:
        """The same rows in the same order; unchanged where no map is published."""
        sql = self._current()
        if not sql or not events.num_rows:
            return events
        connection = self._opened = self._opened or open_duckdb(threads=1)
        connection.register("came", events)
        found = connection.sql(f"select {sql} as feature from came").to_arrow_table()["feature"]
        connection.unregister("came")
        place = events.column_names.index("feature")
        return events.set_column(place, events.schema.field(place), found.cast(pa.string()))

    def _current(self) -> str:
        newest = Version.objects.order_by("-number").values_list("number", flat=True).first() or 0
        if newest != self._number:
            version = Version.objects.get(number=newest)
            self._number, self._sql = newest, feature_sql(project_of(version.files)) or ""
        return self._sql
