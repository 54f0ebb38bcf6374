"""Rules and tables for tests, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.definitions import Project
from keepwell.definitions.rules import Rule
from keepwell.engine.rules.deciding import Decision, decide
from keepwell.engine.rules.matching import Matches
from keepwell.engine.rules.starting import Start

DAY = date(2026, 3, 2)
LOG: dict[str, Any] = {"log": {"title": "seen"}}


def rule(**said: Any) -> Rule:
    return Rule.model_validate({"when": "score < 50", "actions": (LOG,), **said})


def project(**rules: Rule) -> Project:
    return Project(rules=rules)


def table(accounts: Sequence[str], **columns: Any) -> pa.Table:
    return pa.table({"account_id": pa.array(list(accounts), pa.string()), **columns})


def decided(
    rules: Mapping[str, Rule],
    when: Mapping[str, Sequence[bool]],
    accounts: Sequence[str],
    state: pa.Table | None,
    day: date,
    until: Mapping[str, Sequence[bool]] | None = None,
    start: Start = Start(),  # noqa: B008
    salt: str = "",
) -> Decision:
    """Deciding with conditions whose truth is given."""
    everybody = np.ones(len(accounts), dtype=np.bool_)
    found = Matches(
        scope=dict.fromkeys(rules, everybody),
        when={name: np.array(truth, dtype=np.bool_) for name, truth in when.items()},
        until={name: np.array(truth, dtype=np.bool_) for name, truth in (until or {}).items()},
    )
    return decide(Project(rules=dict(rules)), found, table(accounts), state, day, start, salt=salt)


def fired(decision: Decision, part: str = "actions") -> list[tuple[str, str, int]]:
    return [
        (one["rule"], one["account_id"], one["occurrence"])
        for one in decision.firings.to_pylist()
        if one["part"] == part
    ]


def over(
    one: Rule, truths: Sequence[tuple[bool, bool]], first: date = DAY, every: int = 1
) -> tuple[list[tuple[date, str]], pa.Table | None]:
    """What one rule does for one account whose `when` and `until` are as given, date by date; and its state then."""
    state: pa.Table | None = None
    said: list[tuple[date, str]] = []
    for number, (when, until) in enumerate(truths):
        day = first + timedelta(days=number * every)
        decision = decided({"r": one}, {"r": [when]}, ["a"], state, day, {"r": [until]} if one.until else None)
        said += [(day, firing["part"]) for firing in decision.firings.to_pylist()]
        state = decision.state
    return said, state
