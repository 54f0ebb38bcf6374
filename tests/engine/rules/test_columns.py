"""The table that rules ask: looks back, days in band, and what records say."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from keepwell.definitions.expressions import Name, Past, parse
from keepwell.engine.rules.bands import advance, bands_of
from keepwell.engine.rules.columns import completed
from keepwell.engine.rules.histories import tables_over
from keepwell.engine.rules.needs import Needs
from keepwell.engine.rules.rewriting import without_past

DAY = date(2026, 3, 30)


def shot(days_before: int, **scores: float | None) -> pa.Table:
    """Scores of accounts at a date; red below 50."""
    labels = [None if one is None else "red" if one < 50 else "green" for one in scores.values()]
    day = pa.repeat(pa.scalar(DAY - timedelta(days_before), pa.date32()), len(scores))
    values = pa.array(list(scores.values()), pa.float64())
    return pa.table({"account_id": list(scores), "as_of": day, "score": values, "label": pa.array(labels, pa.string())})


def needs(*names: str, past: tuple[str, ...] = ()) -> Needs:
    looks = [parse(one) for one in past]
    return Needs(frozenset(names), frozenset(one for one in looks if isinstance(one, Past)))


def test_a_look_back_finds_the_latest_value_at_or_before_that_day() -> None:
    history = pa.concat_tables([shot(28, a=60, b=10), shot(30, a=1, b=1, c=70), shot(27, a=2, b=2), shot(40, d=5)])
    past = ("change_over(score, 28)", "value_before(label, 28)")
    asked = needs("score", "label", past=past)
    table = completed(shot(0, a=40, b=None, c=75, d=1, e=9), asked, DAY, history=history)
    assert table["change_over(score, 28)"].to_pylist() == [-20.0, None, 5.0, None, None]  # 40 days are too far back
    assert table["value_before(label, 28)"].to_pylist() == ["green", "red", "green", None, None]


def test_without_history_looks_back_are_null() -> None:
    table = completed(shot(0, a=40), needs("score", past=("change_over(score, 7)",)), DAY)
    assert table["change_over(score, 7)"].to_pylist() == [None]


def test_days_in_band_count_from_the_first_date_of_the_label() -> None:
    bands = bands_of(pa.concat_tables([shot(21, a=60, b=10), shot(14, a=40, b=10), shot(7, a=30, b=60), shot(5, c=1)]))
    table = completed(shot(0, a=20, b=40, c=2, d=3), needs("days_in_band", "previous_label"), DAY, bands=bands)
    assert table["days_in_band"].to_pylist() == [14.0, 0.0, 5.0, 0.0]
    assert table["previous_label"].to_pylist() == ["green", "green", None, None]


def test_bands_of_the_same_date_twice_are_the_same_and_who_is_gone_is_kept() -> None:
    first = bands_of(shot(7, a=60, b=10))
    now = shot(0, b=60)
    once = advance(first, now["account_id"].combine_chunks(), now["label"].combine_chunks(), DAY)
    twice = advance(once, now["account_id"].combine_chunks(), now["label"].combine_chunks(), DAY)
    assert twice.equals(once)
    assert sorted(once["account_id"].to_pylist()) == ["a", "b"]


def test_records_are_put_beside_and_what_they_do_not_know_is_null() -> None:
    records = pa.table(
        {
            "account_id": ["b", "x"],
            "stage": ["live", "live"],
            "stage_since": [DAY - timedelta(9), DAY],
            "open_calls": [2, 1],
            "owner.name": ["Ada", "Bea"],
        }
    )
    asked = needs("stage", "days_in_stage", "open_calls", "days_overdue_milestone", "owner.name", "owner.email")
    table = completed(shot(0, a=1, b=2), asked, DAY, records=records)
    assert table["stage"].to_pylist() == [None, "live"]
    assert table["days_in_stage"].to_pylist() == [None, 9.0]
    assert table["open_calls"].to_pylist() == [0.0, 2.0]
    assert table["days_overdue_milestone"].to_pylist() == [None, None]
    assert table["owner.name"].to_pylist() == [None, "Ada"]
    assert table["owner.email"].to_pylist() == [None, None]


def test_the_change_of_a_week_is_called_change() -> None:
    asked = Needs(frozenset({"change", "score"}), frozenset({Past("change_over", Name(("score",)), 7)}))
    table = completed(shot(0, a=40), asked, DAY, history=shot(7, a=55))
    assert table["change"].to_pylist() == [-15.0]


def test_tables_over_a_history_look_at_nothing_that_comes_later() -> None:
    asked = needs("score", "label", "days_in_band", past=("change_over(score, 7)",))
    shots = [shot(14, a=70), shot(7, a=60), shot(0, a=40)]
    whole = dict(tables_over(shots, asked))
    cut = dict(tables_over(shots[:2], asked))
    assert all(cut[day].equals(whole[day]) for day in cut)
    assert [table["change_over(score, 7)"].to_pylist() for table in whole.values()] == [[None], [-10.0], [-20.0]]
    assert [table["days_in_band"].to_pylist() for table in whole.values()] == [[0.0], [7.0], [0.0]]


def test_a_look_back_is_a_name_wherever_it_stands() -> None:
    text = "change_over(score, 28) < 0 or case when value_before(label, 7) in ('a') then true end"
    rewritten = without_past(parse(text))
    assert str(rewritten) == text.replace("change_over(score, 28)", '"change_over(score, 28)"').replace(
        "value_before(label, 7)", '"value_before(label, 7)"'
    )
