"""The same rules over the same accounts: Keepwell, Polars as its best expert would write them, and zen-engine.

Each says how many accounts fulfil each rule, so that the answers can be compared.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from typing import Any

from acting.making import Condition, Rule, accounts, rules, written
from measuring.contender import Measured, timed

Found = tuple[list[int], Measured]
DAY = date(2026, 10, 31)


def has_zen() -> bool:
    return find_spec("zen") is not None


def by_keepwell(rows: int, count: int, conditions: int, runs: int) -> Found:
    from keepwell.definitions import Project
    from keepwell.engine.rules.matching import matches

    table, project = accounts(rows), Project(rules=definitions(count, conditions))
    found, took = timed(lambda: matches(project, table, DAY).when, runs)
    return [int(found[f"r{index}"].sum()) for index in range(count)], took


def definitions(count: int, conditions: int) -> dict[str, Any]:
    from keepwell.definitions.rules import Rule as Definition

    log = {"log": {"title": "seen"}}
    said = {f"r{index}": written(rule, _sql) for index, rule in enumerate(rules(count, conditions))}
    return {name: Definition.model_validate({"when": text, "actions": (log,)}) for name, text in said.items()}


def _sql(one: Condition) -> str:
    if one.sign == "is":
        return one.column
    if one.sign == "there":
        return f"{one.column} is not null"
    values = [f"'{value}'" if isinstance(value, str) else str(value) for value in one.values]
    return f"{one.column} in ({', '.join(values)})" if one.sign == "in" else f"{one.column} {one.sign} {values[0]}"


def by_polars(rows: int, count: int, conditions: int, runs: int) -> Found:
    """One lazy select, so that Polars finds what expressions share and spreads them over the cores."""
    import polars as pl

    frame = pl.from_arrow(accounts(rows))
    assert isinstance(frame, pl.DataFrame)
    made = [_polars_rule(rule).fill_null(False).alias(f"r{at}") for at, rule in enumerate(rules(count, conditions))]
    found, took = timed(lambda: frame.lazy().select(made).collect(), runs)
    return [int(found[f"r{index}"].sum()) for index in range(count)], took


def _polars_rule(rule: Rule) -> Any:
    import polars as pl

    groups = [(pl.any_horizontal if place % 2 else pl.all_horizontal)([_polars(one) for one in group])
              for place, group in enumerate(rule)]  # fmt: skip
    return (groups[0] | groups[2] | groups[4]) & groups[1] & groups[3]


def _polars(one: Condition) -> Any:
    import operator

    import polars as pl

    column = pl.col(one.column)
    if one.sign in ("is", "there"):
        return column if one.sign == "is" else column.is_not_null()
    if one.sign == "in":
        return column.is_in(list(one.values))
    signs: dict[str, Callable[[Any, Any], Any]] = {
        "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
    }  # fmt: skip
    return signs[one.sign](column, one.values[0])


def by_zen(rows: int, count: int, conditions: int, runs: int) -> Found:
    """Compiled expressions, which are its fastest way; an account is a dictionary, made before the clock starts."""
    import zen

    compiled = [zen.compile_expression(written(rule, _zen)) for rule in rules(count, conditions)]
    people = accounts(rows).to_pylist()
    return _counted(compiled, people, runs)


def _counted(compiled: list[Any], people: list[dict[str, Any]], runs: int) -> Found:
    return timed(lambda: [sum(bool(rule.evaluate(one)) for one in people) for rule in compiled], runs)


def by_zen_graph(rows: int, count: int, conditions: int, runs: int) -> Found:
    """A decision graph with one expression node that holds all rules: its usual way, an account asked once."""
    import json

    import zen

    said = [
        {"id": f"e{index}", "key": f"r{index}", "value": written(rule, _zen)}
        for index, rule in enumerate(rules(count, conditions))
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "ex",
            "type": "expressionNode",
            "name": "ex",
            "position": {"x": 1, "y": 0},
            "content": {"expressions": said},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "ex", "type": "edge"},
        {"id": "2", "sourceId": "ex", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    people = accounts(rows).to_pylist()

    def asked() -> list[int]:
        counts = [0] * count
        for one in people:
            result = decision.evaluate(one)["result"]
            for index in range(count):
                counts[index] += bool(result[f"r{index}"])
        return counts

    return timed(asked, runs)


def _zen(one: Condition) -> str:
    if one.sign == "is":
        return one.column
    if one.sign == "there":
        return f"{one.column} != null"
    values = [f"'{value}'" if isinstance(value, str) else str(value) for value in one.values]
    if one.sign == "in":
        return f"{one.column} in [{', '.join(values)}]"
    if one.sign == "=":
        return f"{one.column} == {values[0]}"
    return f"({one.column} != null and {one.column} {one.sign} {values[0]})"


def two_cores() -> None:
    """Polars takes as many threads as this says, read when it is first imported."""
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
