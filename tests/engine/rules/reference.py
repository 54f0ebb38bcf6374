"""Deciding a second time, slowly: one account after another, over plain values. `decide` must agree with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b

from keepwell.definitions.rules import Rule


@dataclass
class Standing:
    holds_since: date | None = None
    holds_runs: int = 0
    ends_since: date | None = None
    ends_runs: int = 0
    is_open: bool = False
    occurrence: int = 0
    fired_on: list[date] = field(default_factory=list)
    counted_on: date | None = None
    ended_counted_on: date | None = None


def step(  # noqa: PLR0912 - one road, written out
    rule: Rule, at: Standing, today: date, when: bool, until: bool, *, started: bool = True, occasion: bool = False
) -> str | None:
    """Moves the standing of one account on; says "actions" or "until" where something is to be done."""
    last = at.fired_on[-1] if at.fired_on else None
    said: str | None = None
    when_now = when and started
    if rule.until:
        has_say = (last is not None and last < today) if rule.only_on_occasions else not when
        if at.is_open and until and has_say:
            if at.ends_since is None:
                at.ends_since, at.ends_runs, at.ended_counted_on = today, 1, today
            elif at.ended_counted_on != today:
                at.ends_runs, at.ended_counted_on = at.ends_runs + 1, today
            long_enough = (today - at.ends_since).days >= rule.until.persists.days
            if long_enough and at.ends_runs >= rule.until.persists.runs:
                at.is_open, at.ends_since, at.ends_runs, said = False, None, 0, "until"
        else:
            at.ends_since, at.ends_runs = None, 0
    if not started:
        return said
    since, runs, counted = at.holds_since, at.holds_runs, at.counted_on
    if when_now:
        if since is None:
            since, runs, counted = today, 1, today
        elif counted != today:
            runs, counted = runs + 1, today
    else:
        since, runs = None, 0
    may_be_open = at.is_open
    if not occasion:
        if not rule.until and not when_now:
            may_be_open = False
        at.holds_since, at.holds_runs, at.counted_on, at.is_open = since, runs, counted, may_be_open
    lasting = since is not None and (today - since).days >= rule.persists.days and runs >= rule.persists.runs
    free = not may_be_open or rule.repeat.while_it_holds or occasion
    cooled = last is None or (today - last).days >= rule.cool_down_days
    if rule.repeat.at_most is not None and rule.repeat.per is not None:
        recent = [day for day in at.fired_on if day > today - timedelta(days=rule.repeat.per)]
        cooled = cooled and len(recent) < rule.repeat.at_most
    if when_now and lasting and free and cooled:
        at.fired_on.append(today)
        at.occurrence += 1
        if rule.until or not rule.only_on_occasions:
            at.is_open = True
        said = "actions"
    return said


def is_held_out(rule: str, account: str, share: float, salt: str) -> bool:
    digest = blake2b(f"{salt}\x1f{rule}\x1f{account}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64 < share
