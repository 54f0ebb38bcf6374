"""What a rule would have done over a history: how often, for whom, and what became of them.

Each date is decided with what was known at its end alone. Accounts for which the rule fired are set beside those for
which it had not, at the same dates: the comparison says how well the condition foretells a loss, not what acting does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.engine.columns import one_array
from keepwell.engine.rules.deciding import Decision, decide
from keepwell.engine.rules.matching import matches
from keepwell.engine.rules.program import Mask
from keepwell.engine.rules.starting import Start
from keepwell.errors import DataRefused

FOLLOWED_DAYS = 180


@dataclass(frozen=True)
class Replayed:
    """One date: accounts in the scope, fulfilling the condition, for which the rule fired, for which it ended."""

    as_of: date
    considered: int
    matching: int
    fired: tuple[str, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True)
class Followed:
    """What became of accounts within FOLLOWED_DAYS after the rule fired for them for the first time.

    Only dates with that much time behind them count. `fired` accounts, of which `churned` left; `others_share` is the
    share that left within the same time of those in the scope for which it had not fired, date by date, weighted by how
    many fired at each; None where there is nobody to say it of. `too_late`: accounts whose time is not over yet.
    """

    fired: int
    churned: int
    others_share: float | None
    too_late: int

    @property
    def share(self) -> float | None:
        return self.churned / self.fired if self.fired else None


@dataclass(frozen=True)
class Replay:
    """A rule over some dates, ascending. `followed` None: nothing is known of who left."""

    rule: str
    dates: tuple[Replayed, ...]
    followed: Followed | None

    @property
    def firings(self) -> int:
        return sum(len(one.fired) for one in self.dates)

    @property
    def accounts(self) -> Mapping[str, tuple[date, ...]]:
        """The dates at which it fired, by account."""
        found: dict[str, tuple[date, ...]] = {}
        for one in self.dates:
            for account in one.fired:
                found[account] = (*found.get(account, ()), one.as_of)
        return found


def replay(
    project: Project,
    rule: str,
    tables: Iterable[tuple[date, pa.Table]],
    *,
    churned: pa.Table | None = None,
    known_until: date | None = None,
    state: pa.Table | None = None,
) -> Replay:
    """One rule over tables of `columns` at ascending dates, each made of what was known then.

    The rule is started at each date, whatever its triggers; `state` is where accounts stood before the first. `churned`
    has `account_id` and `churned_on`, all that left; `known_until` is the last date of which that is known (the last of
    the tables unless given). Raises DataRefused where the rule cannot be asked, such as of a name that nothing knows.
    """
    start, dates, in_scope = Start("by_hand", rules={rule: None}), [], {}
    for as_of, table in tables:
        found = matches(project, table, as_of, [rule])
        if rule in found.refused:
            raise DataRefused(f"rule '{rule}' cannot be replayed at {as_of}: {found.refused[rule]}")
        decision = decide(project, found, table, state, as_of, start)
        state = decision.state
        dates.append(_replayed(rule, decision))
        in_scope[as_of] = one_array(table["account_id"]).filter(pa.array(found.scope[rule]))
    last = known_until or (dates[-1].as_of if dates else date.min)
    followed = None if churned is None else _followed(dates, in_scope, churned, last)
    return Replay(rule, tuple(dates), followed)


def _replayed(rule: str, decision: Decision) -> Replayed:
    count = decision.counts[rule]
    return Replayed(
        decision.as_of, count.considered, count.matching, _accounts(decision, "actions"), _accounts(decision, "until")
    )


def _accounts(decision: Decision, part: str) -> tuple[str, ...]:
    rows = decision.firings.filter(pc.equal(decision.firings["part"], part))
    return tuple(rows["account_id"].to_pylist())


def _followed(dates: list[Replayed], in_scope: Mapping[date, pa.Array], churned: pa.Table, last: date) -> Followed:
    left = _Left(churned)
    before: set[str] = set()
    fired = lost = too_late = 0
    weighted, weights = 0.0, 0
    for one in dates:
        new = [account for account in one.fired if account not in before]
        before.update(new)
        if one.as_of + timedelta(days=FOLLOWED_DAYS) > last:
            too_late += len(new)
            continue
        fired += len(new)
        lost += int(left.within(pa.array(new, pa.string()), one.as_of).sum())
        others = left.within(_without(in_scope[one.as_of], before), one.as_of)
        if new and len(others):
            weighted, weights = weighted + len(new) * float(others.mean()), weights + len(new)
    return Followed(fired, lost, weighted / weights if weights else None, too_late)


def _without(accounts: pa.Array, these: Iterable[str]) -> pa.Array:
    among = pa.array(sorted(these), pa.string())
    return accounts.filter(pc.invert(pc.is_in(accounts, value_set=among)))


class _Left:
    """When accounts left; of several times the first after a date counts."""

    def __init__(self, churned: pa.Table) -> None:
        self._accounts = one_array(churned["account_id"])
        days = one_array(churned["churned_on"]).cast(pa.date32())
        self._days = days.to_numpy(zero_copy_only=False).astype("datetime64[D]")

    def within(self, accounts: pa.Array, after: date) -> Mask:
        """[accounts] whether each left in the days after a date."""
        first = np.datetime64(after, "D")
        inside = (self._days > first) & (self._days <= first + np.timedelta64(FOLLOWED_DAYS, "D"))
        gone = self._accounts.filter(pa.array(inside))
        found: Mask = pc.is_in(accounts, value_set=gone).to_numpy(zero_copy_only=False)
        return found
