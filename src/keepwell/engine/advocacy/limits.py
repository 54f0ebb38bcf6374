"""Whether somebody may be asked: limits per person and account in a quarter, and rest in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.definitions.advocacy import Limits
from keepwell.engine.advocacy.standing import quarter_of


@dataclass(frozen=True)
class Taken:
    """A time at which somebody was asked or did something: `day` is when it was asked for, or done."""

    day: date
    kind: str
    account: str
    person: str | None


def against(
    kind: str,
    limits: Limits,
    *,
    account: str,
    person: str | None,
    day: date,
    taken: Sequence[Taken],
    own_limit: int | None = None,
) -> list[str]:
    """Why this person of this account should not be asked for this on a day, in words; empty where they may.

    `taken`: what was asked of and done by the account's people, refusals left out. `own_limit`: how often in a quarter
    the person wants to be asked for anything.
    """
    name, quarter = kind.replace("_", " "), quarter_of(day)
    now = [one for one in taken if quarter_of(one.day) == quarter]
    mine = [one for one in now if person is not None and one.person == person]
    same = [one for one in mine if one.kind == kind]
    there = [one for one in now if one.account == account and one.kind == kind]
    found = []
    if limits.per_person is not None and len(same) >= limits.per_person:
        found.append(f"{_times(len(same), name)} in {quarter} already; the limit for a person is {limits.per_person}")
    if own_limit is not None and len(mine) >= own_limit:
        found.append(f"asked {len(mine)} times in {quarter}; they wish for {own_limit} at most")
    if limits.per_account is not None and len(there) >= limits.per_account:
        found.append(
            f"the account has {_times(len(there), name)} in {quarter}; the limit for an account is {limits.per_account}"
        )
    return found + _resting(limits, person, day, taken)


def _resting(limits: Limits, person: str | None, day: date, taken: Sequence[Taken]) -> list[str]:
    latest = max((one.day for one in taken if person is not None and one.person == person), default=None)
    if limits.rest is None or latest is None or day >= latest + timedelta(days=limits.rest):
        return []
    until = latest + timedelta(days=limits.rest)
    return [f"asked on {latest.isoformat()}; to be left in peace until {until.isoformat()}"]


def _times(count: int, name: str) -> str:
    return f"one {name}" if count == 1 else f"{count} times {name}"
