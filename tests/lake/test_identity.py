"""The identity table: who a source's id belonged to, when; merging and undoing only add rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.errors import RequestRefused
from keepwell.lake.identity import ANY_SOURCE, IDENTITY, history, intervals, link, merge, resolve, undo
from keepwell.lake.place import Lake
from keepwell.lake.warehouse import DuckDBWarehouse

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


def day(n: int) -> datetime:
    return _EPOCH + timedelta(days=n)


def add(identity: pa.Table, rows: pa.Table) -> pa.Table:
    return pa.concat_tables([identity, rows])


def held(identity: pa.Table, **how) -> list[tuple]:
    rows = intervals(identity, **how).to_pylist()
    return sorted((tuple(row.values()) for row in rows), key=str)


@pytest.fixture
def linked() -> pa.Table:
    crm = link("crm", {"1": "A", "2": "B"}, recorded_at=day(0), change="import")
    moved = link("crm", {"1": "B"}, recorded_at=day(1), change="move", valid_from=day(10), valid_to=day(20))
    return add(crm, moved)


def owner(identity: pa.Table, source: str, source_id: str, at: datetime) -> str | None:
    """The rule, read literally: of the rows about that moment the one recorded last."""
    rows = [
        row
        for row in identity.to_pylist()
        if (row["source"], row["source_id"]) == (source, source_id)
        and (row["valid_from"] is None or row["valid_from"] <= at)
        and (row["valid_to"] is None or at < row["valid_to"])
    ]
    return max(enumerate(rows), key=lambda pair: (pair[1]["recorded_at"], pair[0]))[1]["account_id"] if rows else None


def test_a_later_row_covers_its_span_alone(linked):
    assert [row[2:] for row in intervals_of(linked, "1")] == [
        ("A", None, day(10)),
        ("B", day(10), day(20)),
        ("A", day(20), None),
    ]


def test_what_was_known_earlier_can_be_asked_for(linked):
    assert [row[2:] for row in intervals_of(linked, "1", known_at=day(0))] == [("A", None, None)]


def intervals_of(identity: pa.Table, source_id: str, **how) -> list[tuple]:
    rows = intervals(identity, **how).to_pylist()
    return [tuple(row.values()) for row in rows if row["source_id"] == source_id]


def test_merging_moves_every_span_and_undoing_restores_it(linked):
    merged = add(linked, merge(linked, ["B"], "C", recorded_at=day(30), change="m1"))
    assert {row[2] for row in intervals_of(merged, "1")} == {"A", "C"}
    assert intervals_of(merged, "2") == [("crm", "2", "C", None, None)]
    assert intervals_of(merged, "B") == [(ANY_SOURCE, "B", "C", None, None)]
    restored = add(merged, undo(merged, "m1", recorded_at=day(31), change="u1"))
    assert held(restored) == held(linked)
    assert restored.num_rows > merged.num_rows > linked.num_rows
    assert held(restored, known_at=day(30)) != held(restored)


def test_a_merge_after_a_merge_takes_all_along(linked):
    once = add(linked, merge(linked, ["B"], "C", recorded_at=day(30), change="m1"))
    twice = add(once, merge(once, ["C"], "D", recorded_at=day(31), change="m2"))
    assert intervals_of(twice, "2") == [("crm", "2", "D", None, None)]
    assert intervals_of(twice, "B") == [(ANY_SOURCE, "B", "D", None, None)]
    back = add(twice, undo(twice, "m1", recorded_at=day(32), change="u1"))
    assert intervals_of(back, "2") == [("crm", "2", "D", None, None)]  # the later merge stands


def test_undoing_what_was_first_withdraws(linked):
    gone = add(linked, undo(linked, "import", recorded_at=day(2), change="u"))
    assert intervals_of(gone, "2") == []
    assert intervals_of(gone, "1") == [("crm", "1", "B", day(10), day(20))]


def test_history_lists_what_named_an_account(linked):
    assert history(linked, "B")["change"].to_pylist() == ["import", "move"]


def test_what_cannot_be_done_is_refused(linked):
    with pytest.raises(RequestRefused, match="no change 'nope'"):
        undo(linked, "nope", recorded_at=day(2), change="u")
    with pytest.raises(RequestRefused, match="into 'A'"):
        merge(linked, ["A"], "A", recorded_at=day(2), change="m")
    with pytest.raises(RequestRefused, match="is not before"):
        link("crm", {"1": "A"}, recorded_at=day(0), change="x", valid_from=day(5), valid_to=day(5))


def test_facts_are_resolved_when_read_neither_lost_nor_doubled(linked):
    merged = add(linked, merge(linked, ["Z"], "A", recorded_at=day(30), change="m1"))
    ids = ["1", "1", "1", "2", "9", None, "Z"]
    facts = pa.table({"customer": ids, "at": [day(n) for n in (9, 10, 20, 0, 0, 0, 0)], "n": range(7)})
    with DuckDBWarehouse(threads=1) as warehouse:
        warehouse.add_arrow("facts", facts)
        warehouse.add_arrow("held", intervals(merged))
        read = resolve(
            warehouse.table("facts"), warehouse.table("held"), source="crm", source_id="customer", occurred_at="at"
        )
        rows = warehouse.run(read.order_by("n")).to_pydict()
    assert rows["account_id"] == ["A", "B", "A", "B", "9", None, "A"]
    assert rows["is_resolved"] == [True, True, True, True, False, False, True]
    assert list(rows) == ["customer", "at", "n", "account_id", "is_resolved"]


def test_a_date_and_a_column_of_the_same_name(linked):
    facts = pa.table({"account_id": ["1", "1"], "day": [day(9).date(), day(10).date()]})
    with DuckDBWarehouse(threads=1) as warehouse:
        warehouse.add_arrow("facts", facts)
        warehouse.add_arrow("held", intervals(linked))
        read = resolve(
            warehouse.table("facts"), warehouse.table("held"), source="crm", source_id="account_id", occurred_at="day"
        )
        assert warehouse.run(read.order_by("day"))["account_id"].to_pylist() == ["A", "B"]


def test_the_table_lives_in_the_lake(tmp_path, linked):
    table = Lake(tmp_path).table("identity")
    table.append(linked)
    table.append(merge(linked, ["B"], "C", recorded_at=day(30), change="m1"))
    assert {row[2] for row in held(table.read(columns=IDENTITY.names))} == {"A", "C"}


spans = st.tuples(st.none() | st.integers(0, 8), st.none() | st.integers(0, 8)).filter(
    lambda s: s[0] is None or s[1] is None or s[0] < s[1]
)
statements = st.lists(st.tuples(st.sampled_from("ABC"), spans, st.integers(0, 3)), max_size=6)


@pytest.mark.slow
@given(statements)
def test_intervals_say_what_the_rows_say_at_every_moment(stated):
    identity = IDENTITY.empty_table()
    for at, (account, (start, end), recorded) in enumerate(stated):
        bounds = {"valid_from": None if start is None else day(start), "valid_to": None if end is None else day(end)}
        identity = add(identity, link("s", {"1": account}, recorded_at=day(recorded), change=str(at), **bounds))
    rows = intervals(identity).to_pylist()
    for n in range(-1, 10):
        covering = [
            row["account_id"]
            for row in rows
            if (row["valid_from"] is None or row["valid_from"] <= day(n))
            and (row["valid_to"] is None or day(n) < row["valid_to"])
        ]
        assert covering == [owner(identity, "s", "1", day(n))] or (
            not covering and owner(identity, "s", "1", day(n)) is None
        )
    for at in range(len(stated)):
        undone = add(identity, undo(identity, str(at), recorded_at=day(9), change="u"))
        without = [row for row in identity.to_pylist() if row["change"] != str(at)]
        kept = pa.Table.from_pylist(without, schema=IDENTITY)
        assert held(undone) == held(kept)
