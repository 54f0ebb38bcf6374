"""Makes observations of outcomes: at a lead time before each decision, or of everybody on a grid of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource
from keepwell.engine.moments import end_of_day
from keepwell.engine.values import Days
from keepwell.errors import RequestRefused
from keepwell.learning.asides import Aside, aside
from keepwell.learning.observations import Codes, Observations, Way
from keepwell.learning.outcomes import Flags, Outcomes
from keepwell.learning.reading import History, Lifetimes, history, lifetimes, populations
from keepwell.learning.windows import LEFT_OUT, Seen, Window

WEEK, MONTH, QUARTER = 7, 30, 90
MOST_DATES = 1_000
_NAT = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Question:
    """What is asked of a score: of the decisions from `first` to `last`, what did it say `lead_days` before?

    `way` None: before each decision where outcomes tell who stayed, on a grid where they hold losses only, at one date
    where nothing has a date. `every_days`: observation dates lie so far apart (None: a week before decisions, 30 days
    on a grid); a decision is seen at the last of them that lies `lead_days` or more before it. `horizon_days`: on a
    grid, losses within so many days after the lead time count (None: 90). `returning`: an account that churned may be
    lost again, for outcomes that are notices rather than ends.
    """

    first: date
    last: date
    lead_days: int
    way: Way | None = None
    every_days: int | None = None
    horizon_days: int | None = None
    returning: bool = False


def observe(project: Project, source: FactSource, outcomes: Outcomes, question: Question) -> Observations:
    """Observations for a question, with everything that was left out in `asides`.

    Raises RequestRefused for a question without sense, or one that leaves no observation; it then lists what was left
    out.
    """
    _refuse_nonsense(question)
    observer = _Observer(project, source, outcomes, question)
    found = {
        "before_decisions": observer.before_decisions,
        "on_grid": observer.on_grid,
        "at_one_date": observer.at_one_date,
    }[observer.way]()
    if not len(found):
        span = f"from {question.first} to {question.last}"
        raise RequestRefused(
            f"no decision {span} can be looked at {question.lead_days} days before{_known_span(outcomes)}",
            notes=[*found.asides, *_of_silence(outcomes, observer.way)],
        )
    return found


def _known_span(outcomes: Outcomes) -> str:
    if not outcomes.is_dated or not len(outcomes):
        return ""
    return f"; outcomes are of {outcomes.decided_on.min()} to {outcomes.decided_on.max()}"


def _of_silence(outcomes: Outcomes, way: Way) -> list[str]:
    if way != "on_grid" or outcomes.has_kept:
        return []
    said = "outcomes hold losses only, so who stayed is told by who had not left when a horizon ended"
    return [f"{said}; outcomes that say who stayed need no horizon"]


class _Observer:
    def __init__(self, project: Project, source: FactSource, outcomes: Outcomes, question: Question) -> None:
        self._project = project
        self._source = source
        self._outcomes = outcomes
        self._question = question
        self._history: History = history(project, source)
        self._lifetimes: Lifetimes = lifetimes(project, source)
        self._asides: list[Aside] = list(outcomes.asides)

    @property
    def way(self) -> Way:
        if not self._outcomes.is_dated:
            return "at_one_date"
        if self._question.way is not None:
            return self._question.way
        return "before_decisions" if self._outcomes.has_kept else "on_grid"

    def before_decisions(self) -> Observations:
        question, outcomes = self._question, self._outcomes
        first, last = np.datetime64(question.first, "D"), np.datetime64(question.last, "D")
        chosen = np.flatnonzero((outcomes.decided_on >= first) & (outcomes.decided_on <= last))
        as_of = at_least_before(outcomes.decided_on[chosen], question.lead_days, question, "before_decisions")
        accounts = outcomes.account.take(pa.array(chosen))
        good = self._after_first_fact(accounts, as_of) & self._not_yet_known(accounts, as_of, outcomes.known_at[chosen])
        good = self._customers(accounts, as_of, good)
        return self._made(chosen[good], as_of[good], "before_decisions")

    def on_grid(self) -> Observations:
        question = self._question
        horizon = horizon_of(question)
        dates = self._grid_dates(horizon)
        parts = [
            Window(self._outcomes, self._lifetimes, as_of, question.lead_days, horizon, question.returning).of(ids)
            for as_of, ids in populations(self._project, self._source, dates)
        ]
        for what, field in LEFT_OUT:
            rows = sum(len(getattr(part, field)) for part in parts)
            if rows:
                named = sorted({one for part in parts for one in getattr(part, field)[:5].to_pylist()})[:5]
                self._asides.append(Aside(what, rows, tuple(named)))
        return self._of_windows(parts, horizon)

    def at_one_date(self) -> Observations:
        """Every account with its one outcome, as of the last day asked for."""
        question, outcomes = self._question, self._outcomes
        as_of = np.full(len(outcomes), np.datetime64(question.last, "D"))
        good = self._customers(outcomes.account, as_of, np.ones(len(outcomes), np.bool_))
        return self._made(np.flatnonzero(good), as_of[good], "at_one_date")

    def _made(self, rows: Codes, as_of: Days, way: Way) -> Observations:
        outcomes = self._outcomes
        account = outcomes.account.take(pa.array(rows))
        order = _order(account, as_of)
        rows, as_of, account = rows[order], as_of[order], account.take(pa.array(order))
        return Observations(
            account=account,
            as_of=as_of,
            decided_on=outcomes.decided_on[rows],
            lost=outcomes.lost[rows],
            amount=outcomes.amount[rows],
            has_history=self._has_history(account, as_of),
            way=way,
            lead_days=self._question.lead_days,
            first_fact=self._history.first,
            asides=tuple(self._asides),
        )

    def _of_windows(self, parts: Sequence[Seen], horizon: int) -> Observations:
        account = pa.concat_arrays([pa.array([], pa.string()), *(part.account for part in parts)])
        sizes = [len(part.account) for part in parts]
        as_of = np.repeat(np.array([part.as_of for part in parts], "datetime64[D]"), sizes)
        decision = np.concatenate([np.array([], np.int64), *(part.decision for part in parts)])
        order = _order(account, as_of)
        account, as_of, decision = account.take(pa.array(order)), as_of[order], decision[order]
        lost = decision >= 0
        outcomes = self._outcomes
        return Observations(
            account=account,
            as_of=as_of,
            decided_on=np.where(lost, outcomes.decided_on[decision], _NAT),
            lost=lost,
            amount=np.where(lost, outcomes.amount[decision], np.nan),
            has_history=self._has_history(account, as_of),
            way="on_grid",
            lead_days=self._question.lead_days,
            horizon_days=horizon,
            first_fact=self._history.first,
            asides=tuple(self._asides),
        )

    def _has_history(self, account: pa.StringArray, as_of: Days) -> Flags:
        """Whether any fact of the account had arrived by the date."""
        known = self._history
        place = pc.fill_null(pc.index_in(account, value_set=known.account), -1).to_numpy(zero_copy_only=False)
        found: Flags = np.append(known.known_from, _NAT)[place] <= as_of
        return found

    def _grid_dates(self, horizon: int) -> list[date]:
        """Dates whose window lies within the days asked for, before the end of what is known, after the first fact."""
        question, known = self._question, self._outcomes.decided_on
        reach = question.lead_days + horizon
        every = every_of(question, "on_grid")
        end, start = question.last - timedelta(days=reach), question.first - timedelta(days=question.lead_days + 1)
        dates = [end - timedelta(days=every * back) for back in range(max((end - start).days // every + 1, 0))][::-1]
        last_known = known.max().astype(date) if len(known) else question.last
        first_fact = self._history.first
        censored = [day for day in dates if day + timedelta(days=reach) > last_known]
        early = [day for day in dates if first_fact is not None and np.datetime64(day, "D") < first_fact]
        if censored:
            what = f"observation dates were left out: their horizon ends after the last known outcome, of {last_known}"
            self._asides.append(Aside(what, len(censored)))
        if early:
            what = f"observation dates were left out: they lie before the first fact, of {first_fact}"
            self._asides.append(Aside(what, len(early)))
        return [day for day in dates if day not in censored and day not in early]

    def _after_first_fact(self, accounts: pa.Array, as_of: Days) -> Flags:
        first = self._history.first
        if first is None:
            return np.ones(len(as_of), np.bool_)
        good: Flags = as_of >= first
        what = (
            f"decisions were left out: at their observation date nothing was known yet (the first fact is of {first})"
        )
        self._asides.extend(aside(what, _those(accounts, ~good)))
        return good

    def _not_yet_known(self, accounts: pa.Array, as_of: Days, known_at: npt.NDArray[np.datetime64]) -> Flags:
        zone = self._project.settings.time_zone
        days, places = np.unique(as_of, return_inverse=True)
        ends = np.array([end_of_day(day.astype(date), zone) for day in days], "datetime64[us]")
        known: Flags = known_at <= ends[places] if len(days) else np.array([], np.bool_)
        what = "decisions were left out: they were known already at their observation date"
        self._asides.extend(aside(what, _those(accounts, known)))
        return ~known

    def _customers(self, accounts: pa.Array, as_of: Days, good: Flags) -> Flags:
        """Those that were in the population at their date; `good` keeps to those still in question."""
        dates = [day.astype(date) for day in np.unique(as_of[good])]
        _refuse_many(dates)
        there = np.zeros(len(as_of), np.bool_)
        for day, ids in populations(self._project, self._source, dates):
            here = np.flatnonzero(good & (as_of == np.datetime64(day, "D")))
            found = pc.is_in(accounts.take(pa.array(here)), value_set=ids)
            there[here] = np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)
        self._tell_strangers(accounts, as_of, good & ~there)
        return good & there

    def _tell_strangers(self, accounts: pa.Array, as_of: Days, absent: Flags) -> None:
        known = self._lifetimes
        place = pc.fill_null(pc.index_in(accounts, value_set=known.account), -1).to_numpy(zero_copy_only=False)
        unheard = absent & (place < 0)
        ended = absent & (np.append(known.ended_on, _NAT)[place] <= as_of)  # comparisons with NaT are false
        unborn = absent & ~ended & (np.append(known.started_on, _NAT)[place] > as_of)
        for what, flags in (
            ("decisions were left out: the accounts dataset does not have their account", unheard),
            ("decisions were left out: their account had ended by the observation date", ended),
            ("decisions were left out: their account had not started by the observation date", unborn),
            (
                "decisions were left out: their account was not in the population at the observation date",
                absent & ~unheard & ~ended & ~unborn,
            ),
        ):
            self._asides.extend(aside(what, _those(accounts, flags)))


def every_of(question: Question, way: Way) -> int:
    """Days between observation dates."""
    return question.every_days or (MONTH if way == "on_grid" else WEEK)


def horizon_of(question: Question) -> int:
    return question.horizon_days or QUARTER


def at_least_before(days: Days, lead_days: int, question: Question, way: Way) -> Days:
    """The last observation date of the question that lies `lead_days` or more before each day."""
    reach = question.lead_days + (horizon_of(question) if way == "on_grid" else 0)
    anchor = np.datetime64(question.last - timedelta(days=reach), "D")
    return floor_to_grid(days - np.timedelta64(lead_days, "D"), anchor, every_of(question, way))


def floor_to_grid(days: Days, anchor: np.datetime64, every: int) -> Days:
    """Each day moved back to the nearest date that lies a whole number of steps from `anchor`."""
    behind = (anchor - days).astype(np.int64)
    found: Days = anchor - (-(-behind // every) * every).astype("timedelta64[D]")
    return found


def _refuse_nonsense(question: Question) -> None:
    if question.first > question.last:
        raise RequestRefused(f"{question.first} lies after {question.last}; give the earlier date first")
    if question.lead_days < 0:
        raise RequestRefused(f"a lead time of {question.lead_days} days looks ahead; give 0 days or more")
    for days, what in ((question.every_days, "a step between dates"), (question.horizon_days, "a horizon")):
        if days is not None and days < 1:
            raise RequestRefused(f"{what} of {days} days; give 1 day or more")


def _refuse_many(dates: Sequence[date]) -> None:
    if len(dates) > MOST_DATES:
        raise RequestRefused(
            f"{len(dates):,} observation dates are more than the {MOST_DATES:,} of one backtest; take a longer step "
            "between them, or a shorter time"
        )


def _order(account: pa.Array, as_of: Days) -> Codes:
    table = pa.table({"as_of": pa.array(as_of), "account": account})
    order = pc.sort_indices(table, sort_keys=[("as_of", "ascending"), ("account", "ascending")])
    return np.asarray(order.to_numpy(), np.int64)


def _those(accounts: pa.Array, flags: Flags) -> list[str | None]:
    found: list[str | None] = _pick(accounts, flags).to_pylist()
    return found


def _pick(accounts: pa.Array, flags: Flags) -> pa.Array:
    return accounts.filter(pa.array(flags))
