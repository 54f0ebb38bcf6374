"""Where the account stands with each measure: among all accounts, and among those of its segment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.customer360.drawing import Bin, distribution
from keepwell.apps.customer360.explained import explained
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.engine.columns import numbers
from keepwell.engine.explain.explanation import MeasureExplanation
from keepwell.engine.explain.states import State
from keepwell.engine.explain.subject import row_of
from keepwell.engine.scoring.percentile import percentile_scores

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """Among so many accounts with a value: how many percent stand below it, and the middle one."""

    percentile: float
    median: float
    accounts: int


@dataclass(frozen=True)
class Benchmark:
    """`of`: what is compared, the metric's value or, where there is no number, the measure's score."""

    measure: MeasureExplanation
    of: str
    own: float | None
    portfolio: Standing | None
    segment: Standing | None
    bins: tuple[Bin, ...]


def view(request: HttpRequest, account: Account) -> HttpResponse:
    found = benchmarks_of(account, request.GET.get("segment", ""))
    if found is None:
        return render(request, "customer360/panels/unscored.html", {"account": account})
    segment, rows = found
    return render(request, "customer360/panels/benchmark.html", {"account": account, "segment": segment, "rows": rows})


def benchmarks_of(account: Account, asked: str) -> tuple[str, list[Benchmark]] | None:
    """The segment that is compared with, the account's first unless it is in the one asked for, and each measure;
    None where the account was not scored."""
    found = explained(account)
    if found is None:
        return None
    state, why = found
    segment = asked if asked in account.segments else next(iter(account.segments), "")
    return segment, list(_benchmarks(state, account, why.measures, _members(state, segment)))


def _members(state: State, segment: str) -> npt.NDArray[np.bool_]:
    """[n] who is in the segment; nobody where there is none."""
    ids = list(Account.objects.filter(segments__contains=[segment]).values_list("pk", flat=True)) if segment else []
    found: npt.NDArray[np.bool_] = pc.is_in(state.values.accounts.ids, value_set=pa.array(ids, pa.string())).to_numpy(
        zero_copy_only=False
    )
    return found


def _benchmarks(
    state: State, account: Account, measures: tuple[MeasureExplanation, ...], members: npt.NDArray[np.bool_]
) -> Iterator[Benchmark]:
    row = row_of(state, "account", account.pk)
    assert row is not None
    for measure in measures:
        values, of = _values(state, measure)
        own = None if np.isnan(values[row]) else float(values[row])
        everybody = np.ones(len(values), np.bool_)
        yield Benchmark(
            measure, of, own, _standing(values, row, everybody), _standing(values, row, members),
            distribution(values[~np.isnan(values)], own),
        )  # fmt: skip


def _values(state: State, measure: MeasureExplanation) -> tuple[Floats, str]:
    """[n] of all accounts: the metric where it is a number, else the score that the measure has on any card."""
    table = state.scores.accounts.metrics
    if measure.metric in table.column_names:
        column = table[measure.metric]
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            return numbers(column.combine_chunks()), "value"
    found = np.full(len(state.values.accounts), np.nan)
    for card in state.scores.accounts.cards.values():
        if measure.name in card.measures:
            found[card.rows] = card.measure_scores[card.measures.index(measure.name)]
    return found, "score"


def _standing(values: Floats, row: int, among: npt.NDArray[np.bool_]) -> Standing | None:
    """None where the account has no value or is not among them."""
    if not among[row] or np.isnan(values[row]):
        return None
    peers = np.where(among, values, np.nan)
    known = peers[~np.isnan(peers)]
    return Standing(float(percentile_scores(peers, None)[row]), float(np.median(known)), len(known))


PANEL = Panel("benchmark", "Benchmark", view)
