"""Times of a source as UTC times and local days, in Ibis.

A time without an offset is in its dataset's zone; a date is that day in the project's zone. Conversions are left out
where both zones are UTC, so that the common case compares bare columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.engine.moments import start_of_day


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp"), "timestamp('UTC')"))
def _attach_zone(zone, time): ...  # type: ignore[no-untyped-def]


@ibis.udf.scalar.builtin(name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp"))
def _in_zone(zone, time): ...  # type: ignore[no-untyped-def]


@ibis.udf.scalar.builtin(name="to_utc_timestamp", signature=(("timestamp", "string"), "timestamp"))
def _spark_to_utc(time, zone): ...  # type: ignore[no-untyped-def]


@ibis.udf.scalar.builtin(name="from_utc_timestamp", signature=(("timestamp", "string"), "timestamp"))
def _spark_from_utc(time, zone): ...  # type: ignore[no-untyped-def]


@dataclass(frozen=True)
class Clock:
    """Reads the time columns of one dataset: `source_zone` of naive times, `project_zone` of days."""

    dialect: str
    source_zone: str
    project_zone: str

    def of_utc(self) -> Clock:
        """The clock for times that are already naive UTC."""
        return Clock(self.dialect, "UTC", self.project_zone)

    def instant(self, column: ir.Value) -> ir.TimestampValue:
        """The naive UTC time of a date (its local midnight), a naive time, or a time with an offset."""
        kind = column.type()
        if isinstance(kind, dt.Date):
            return self._to_utc(column.cast("timestamp"), self.project_zone)
        if isinstance(kind, dt.Timestamp) and kind.timezone:
            return self._without_offset(column)
        return self._to_utc(column, self.source_zone)

    def days_later(self, instant: ir.TimestampValue, days: int) -> ir.TimestampValue:
        """A naive UTC time moved by calendar days of the project's zone, which are not always 24 hours long."""
        if not days:
            return instant
        return self._to_utc(self._from_utc(instant, self.project_zone) + ibis.interval(days=days), self.project_zone)

    def local(self, column: ir.Value) -> ir.Value:
        """The naive time in the project's zone; a date stays a date."""
        kind = column.type()
        if isinstance(kind, dt.Date) or (self.source_zone == self.project_zone and not _has_offset(kind)):
            return column
        return self._from_utc(self.instant(column), self.project_zone)

    def day(self, column: ir.Value) -> ir.DateValue:
        """The day in the project's zone."""
        return self.local(column).cast("date")

    def first_instant(self, column: ir.Value, day: date) -> ir.Value:
        """The beginning of `day` in the terms of `column` itself, so that a bare comparison can use its statistics."""
        kind = column.type()
        if isinstance(kind, dt.Date):
            return ibis.literal(day, type="date")
        if _has_offset(kind):
            return ibis.literal(start_of_day(day, self.project_zone), type="timestamp('UTC')")
        return ibis.literal(self._as_source(start_of_day(day, self.project_zone)), type="timestamp")

    def _as_source(self, utc: datetime) -> datetime:
        return utc.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(self.source_zone)).replace(tzinfo=None)

    def _to_utc(self, column: ir.Value, zone: str) -> ir.TimestampValue:
        if zone == "UTC":
            return column
        if self.dialect == "pyspark":
            return _second_of_repeated(column, zone)
        return _in_zone("UTC", _attach_zone(zone, column))

    def _from_utc(self, column: ir.Value, zone: str) -> ir.TimestampValue:
        if zone == "UTC":
            return column
        if self.dialect == "pyspark":
            return _spark_from_utc(column, zone)
        return _in_zone(zone, _attach_zone("UTC", column))

    def _without_offset(self, column: ir.Value) -> ir.TimestampValue:
        return (
            column.cast("timestamp") if self.dialect == "pyspark" else _in_zone("UTC", column.cast("timestamp('UTC')"))
        )


def _second_of_repeated(column: ir.Value, zone: str) -> ir.TimestampValue:
    """Of the hour that clocks repeat in autumn Spark takes the first, DuckDB and PostgreSQL the second.

    Three hours later only the offset of the second is left, so with that offset the time is tried first.
    """
    ahead = ibis.interval(hours=3)
    second = _spark_to_utc(column + ahead, zone) - ahead
    utc: ir.TimestampValue = ibis.ifelse(_spark_from_utc(second, zone) == column, second, _spark_to_utc(column, zone))
    return utc


def _has_offset(kind: dt.DataType) -> bool:
    return isinstance(kind, dt.Timestamp) and kind.timezone is not None


def days_before(day: ir.DateValue | date, days: int) -> ir.DateValue | date:
    """`day` moved back by whole days; a date for a date, an expression for an expression."""
    if isinstance(day, date):
        return day - timedelta(days=days)
    return (day - ibis.interval(days=days)).cast("date")
