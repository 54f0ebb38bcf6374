"""Deciding: which rules act for which accounts, from what matches, where accounts stand, and the date.

A rule fires for an account when `when` has held for as long as `persists` says, and it is not open for it. It is open
from then until its end: what `until` says, else that `when` no longer holds. Between two firings is the cool-down, and
no more than `at_most` fall into `per`. So a condition that flaps around its threshold is one firing, not ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.definitions.rules import Persistence, Rule
from keepwell.engine.columns import one_array
from keepwell.engine.rules.chance import held_out
from keepwell.engine.rules.matching import Matches
from keepwell.engine.rules.program import Mask
from keepwell.engine.rules.starting import Start
from keepwell.engine.rules.states import NEVER, STATE, Counts, Dates, Standing, standing, state_rows

FIRINGS = pa.schema(
    [
        ("rule", pa.string()),
        ("account_id", pa.string()),
        ("row", pa.int64()),  # of the account in the table
        ("occurrence", pa.int64()),  # the firing, counted from 1 for each rule and account
        ("part", pa.string()),  # actions: it fired; until: it ended
        ("held_out", pa.bool_()),  # nothing is to be done
    ]
)


@dataclass(frozen=True)
class Count:
    """Accounts of one rule: in its scope, fulfilling `when`, for which it fired (held out included), ended."""

    considered: int = 0
    matching: int = 0
    fired: int = 0
    held_out: int = 0
    ended: int = 0

    @property
    def acts(self) -> int:
        """For how many something is to be done."""
        return self.fired - self.held_out


@dataclass(frozen=True)
class Decision:
    """`firings`: rows of FIRINGS in the order in which rules act, then of the table. `state`: all rows of STATE then.

    `changed`: the rows that differ from the state before; one that says nothing any more (no firing, not open, `when`
    does not hold) is among them and no longer in `state`. `counts` by rule that was started; `refused` as in `Matches`.
    """

    as_of: date
    firings: pa.Table
    state: pa.Table
    changed: pa.Table
    counts: Mapping[str, Count]
    refused: Mapping[str, str]


def decide(
    project: Project,
    found: Matches,
    table: pa.Table,
    state: pa.Table | None,
    as_of: date,
    start: Start = Start(),  # noqa: B008 - frozen
    *,
    salt: str = "",
    fire: bool = True,
) -> Decision:
    """What is to be done at `as_of`. `found` are `matches` over `table`, `state` what the last decision returned.

    Rules that `start` sets in motion are decided for the accounts of the table (and of `start`, where it names some);
    of the others that are open it is looked at whether they end. Accounts that are not in the table stay as they are.
    Deciding a second time at the same date with the returned state gives nothing new, but for moments (events,
    responses, moves, overdue milestones), of which each is its own occasion. With `fire=False` it is only kept since
    when conditions hold.
    """
    before = state if state is not None else STATE.empty_table()
    accounts = one_array(table["account_id"])
    places = pc.index_in(one_array(before["account_id"]), value_set=accounts)
    rows_of = _rows_by_rule(before)
    firings, changed, kept, counts = [], [], [], {}
    for name in found.when:
        rule, rows = project.rules[name], pa.array(rows_of.pop(name, np.empty(0, np.int64)))
        one = _Deciding(name, rule, found, accounts, as_of, start, salt, fire)
        outcome = one.decided(before.take(rows), places.take(rows))
        firings.append(outcome.firings)
        changed.append(outcome.changed)
        kept.append(outcome.state)
        if start.starts(name, rule):
            counts[name] = outcome.count
    untouched = np.concatenate([np.empty(0, np.int64), *rows_of.values()])
    return Decision(
        as_of=as_of,
        firings=pa.concat_tables([FIRINGS.empty_table(), *firings]).combine_chunks(),
        state=pa.concat_tables([before.take(pa.array(untouched)), *kept]).combine_chunks(),
        changed=pa.concat_tables([STATE.empty_table(), *changed]).combine_chunks(),
        counts=counts,
        refused=found.refused,
    )


def _rows_by_rule(state: pa.Table) -> dict[str, Counts]:
    """The rows of each rule, ascending."""
    encoded = one_array(state["rule"]).dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    order = np.argsort(codes, kind="stable")
    names = encoded.dictionary.to_pylist()
    edges = np.searchsorted(codes[order], np.arange(len(names) + 1))
    return {name: order[edges[code] : edges[code + 1]] for code, name in enumerate(names)}


@dataclass(frozen=True)
class _Outcome:
    firings: pa.Table
    changed: pa.Table
    state: pa.Table
    count: Count


@dataclass(frozen=True)
class _Deciding:
    """One rule. Only accounts for which there is something to say are looked at: k of the n of the table."""

    name: str
    rule: Rule
    found: Matches
    accounts: pa.Array
    as_of: date
    start: Start
    salt: str
    fire: bool

    @property
    def today(self) -> np.datetime64:
        return np.datetime64(self.as_of, "D")

    def decided(self, rows: pa.Table, places: pa.Array) -> _Outcome:
        """`rows` of the state, with the place of each account in the table; null for one that is not there."""
        elsewhere = rows.filter(places.is_null())
        rows, at = rows.filter(places.is_valid()), places.drop_null().to_numpy(zero_copy_only=False)
        started = self._started()
        matching = self.found.when[self.name] & started
        looked_at = np.union1d(np.flatnonzero(matching), at.astype(np.int64))
        was = standing(rows, np.searchsorted(looked_at, at), len(looked_at))
        now, ends = self._ended(was, looked_at)
        now, fires = self._fired(now, matching[looked_at], started[looked_at])
        differs = _differs(was, now)
        now = replace(now, decided_on=np.where(differs, self.today, was.decided_on))
        firings = self._firings(now, looked_at, ends, fires)
        after = state_rows(self.name, self.accounts.take(pa.array(looked_at)), now)
        changed = after.filter(pa.array(differs & (was.says_something | now.says_something)))
        state = pa.concat_tables([elsewhere, after.filter(pa.array(now.says_something))])
        return _Outcome(firings, changed, state, self._count(started, matching, firings))

    def _started(self) -> Mask:
        """[n] the accounts for which the rule was set in motion."""
        if not self.start.starts(self.name, self.rule):
            return np.zeros(len(self.accounts), dtype=np.bool_)
        among = self.start.accounts_of(self.name)
        if among is None:
            return np.ones(len(self.accounts), dtype=np.bool_)
        inside: Mask = pc.is_in(self.accounts, value_set=among).to_numpy(zero_copy_only=False)
        return inside

    def _ended(self, was: Standing, looked_at: Counts) -> tuple[Standing, Mask]:
        """Open ones whose `until` has held for long enough; it has no say while `when` holds.

        For rules on moments alone `when` is of that moment, so that `until` has its say from the next day on.
        """
        if self.rule.until is None:
            return was, np.zeros(len(looked_at), dtype=np.bool_)
        has_say = was.last_fired < self.today if self.rule.only_on_occasions else ~self.found.when[self.name][looked_at]
        holds = was.is_open & has_say & self.found.until[self.name][looked_at]
        since, runs = self._held(holds, was.ends_since, was.ends_runs, was.decided_on, self.rule.until.persists)
        ends = self._lasting(holds, since, runs, self.rule.until.persists)
        since, runs = np.where(ends, NEVER, since), np.where(ends, 0, runs)
        return replace(was, ends_since=since, ends_runs=runs, is_open=was.is_open & ~ends), ends

    def _fired(self, was: Standing, matching: Mask, started: Mask) -> tuple[Standing, Mask]:
        since, runs = self._held(matching, was.holds_since, was.holds_runs, was.decided_on, self.rule.persists)
        is_open = was.is_open if self.rule.until else was.is_open & (matching | self.start.is_occasion)
        fires = self._lasting(matching, since, runs, self.rule.persists) & self._may_fire(was, is_open)
        if not self.fire:
            fires = np.zeros_like(fires)
        if self.start.is_occasion:  # says nothing of the time between moments
            since, runs, is_open = was.holds_since, was.holds_runs, was.is_open
        stays_open = self.rule.until is not None or not self.rule.only_on_occasions
        fired, by = self._kept(was, fires)
        now = replace(
            was,
            holds_since=np.where(started, since, was.holds_since),
            holds_runs=np.where(started, runs, was.holds_runs),
            is_open=np.where(started, is_open, was.is_open) | (fires & stays_open),
            occurrence=was.occurrence + fires,
            fired=fired,
            by=by,
        )
        return now, fires

    def _may_fire(self, was: Standing, is_open: Mask) -> Mask:
        repeat = self.rule.repeat
        free = ~is_open | repeat.while_it_holds | self.start.is_occasion
        last = was.last_fired
        cooled = np.isnat(last) | (self.today - last >= np.timedelta64(self.rule.cool_down_days, "D"))
        if repeat.at_most is not None and repeat.per is not None:
            cooled &= was.fired_after(self.today - np.timedelta64(repeat.per, "D")) < repeat.at_most
        return free & cooled

    def _kept(self, was: Standing, fires: Mask) -> tuple[Dates, Counts]:
        """Firings to be remembered: those of the time that `per` looks at, and always the last."""
        back = np.timedelta64(self.rule.repeat.per or 0, "D")
        keep = (was.fired > self.today - back) | (was.fired == was.last_fired[was.by])
        keep &= ~fires[was.by] | (was.fired > self.today - back)
        new = np.flatnonzero(fires)
        fired = np.concatenate([was.fired[keep], np.full(len(new), self.today)])
        return fired, np.concatenate([was.by[keep], new])

    def _held(
        self, holds: Mask, since: Dates, runs: Counts, decided_on: Dates, persists: Persistence
    ) -> tuple[Dates, Counts]:
        """Since when something holds, and at how many dates, as far as that is asked: the same date counts once."""
        goes_on = holds & ~np.isnat(since)
        again = goes_on & (decided_on == self.today)
        runs = np.where(again, runs, np.where(goes_on, runs + 1, holds.astype(np.int64)))
        runs = np.minimum(runs, persists.runs)  # so that a state that lasts is not written anew each date
        return np.where(goes_on, since, np.where(holds, self.today, NEVER)), runs

    def _lasting(self, holds: Mask, since: Dates, runs: Counts, persists: Persistence) -> Mask:
        return holds & (self.today - since >= np.timedelta64(persists.days, "D")) & (runs >= persists.runs)

    def _firings(self, now: Standing, looked_at: Counts, ends: Mask, fires: Mask) -> pa.Table:
        both = [("until", np.flatnonzero(ends)), ("actions", np.flatnonzero(fires))]
        at = np.concatenate([places for _, places in both])
        rows = pa.array(looked_at[at])
        accounts = self.accounts.take(rows)
        without = held_out(self.name, self.rule.hold_out, accounts.to_pylist(), self.salt)
        parts = pa.array([part for part, places in both for _ in range(len(places))], pa.string())
        columns = [
            pa.repeat(self.name, len(at)),
            accounts,
            rows,
            pa.array(now.occurrence[at]),
            parts,
            pa.array(without),
        ]
        return pa.table([one.cast(kind.type) for one, kind in zip(columns, FIRINGS, strict=True)], schema=FIRINGS)

    def _count(self, started: Mask, matching: Mask, firings: pa.Table) -> Count:
        fired = pc.equal(firings["part"], "actions")
        return Count(
            considered=int((self.found.scope[self.name] & started).sum()),
            matching=int(matching.sum()),
            fired=int(pc.sum(fired).as_py() or 0),
            held_out=int(pc.sum(pc.and_(fired, firings["held_out"])).as_py() or 0),
            ended=firings.num_rows - int(pc.sum(fired).as_py() or 0),
        )


def _differs(was: Standing, now: Standing) -> Mask:
    """[k] whether a row of the state is another one; when it was decided does not count."""
    found = np.zeros(len(was.is_open), dtype=np.bool_)
    for name in ("holds_since", "holds_runs", "ends_since", "ends_runs", "is_open", "occurrence"):
        old, new = getattr(was, name), getattr(now, name)
        both_never = np.isnat(old) & np.isnat(new) if old.dtype.kind == "M" else False
        found |= (old != new) & ~np.asarray(both_never)
    return found
