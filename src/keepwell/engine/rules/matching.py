"""Which accounts fulfil the conditions of rules: all rules over one table at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import numpy as np
import pyarrow as pa

from keepwell.definitions.expressions import Expression, NameScope, ValueType, check_condition, segments_in
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import conditions_of
from keepwell.engine.columns import one_array
from keepwell.engine.evaluate import Evaluator
from keepwell.engine.rules.lowering import Lowering, Plan
from keepwell.engine.rules.program import Mask, Prepared, Program, columns_of, prepare
from keepwell.engine.rules.rewriting import without_past

Key = TypeVar("Key")


@dataclass(frozen=True)
class Matches:
    """By rule, [n] in the order of the table: where its scope, its `when` and its `until` are true; null is false.

    `when` holds only inside the scope. `until` has rules with an `until`. `refused` says of rules why they could not be
    asked, such as a name that nothing knows any more: they are in none of the others.
    """

    scope: Mapping[str, Mask]
    when: Mapping[str, Mask]
    until: Mapping[str, Mask]
    refused: Mapping[str, str] = field(default_factory=dict)


def matches(project: Project, table: pa.Table, as_of: date, rules: Collection[str] | None = None) -> Matches:
    """Matches of these rules (None: all that are enabled) over a table of `columns`, in one pass."""
    chosen = [name for name, rule in project.rules_in_order().items() if _is_chosen(name, rule.enabled, rules)]
    asked = {
        (name, where): without_past(one) for name in chosen for where, one in conditions_of(project.rules[name]).items()
    }
    refused = _refused(project, table, asked)
    asked = {key: one for key, one in asked.items() if key[0] not in refused}
    found = truths_of(project, table, as_of, asked)
    everybody = np.ones(table.num_rows, dtype=np.bool_)
    scope = {name: found.get((name, "scope"), everybody) for name in chosen if name not in refused}
    return Matches(
        scope=scope,
        when={name: inside & found[name, "when"] for name, inside in scope.items()},
        until={name: mask for (name, where), mask in found.items() if where == "until"},
        refused=refused,
    )


def _is_chosen(name: str, enabled: bool, rules: Collection[str] | None) -> bool:
    return enabled if rules is None else name in rules


def truths_of(project: Project, table: pa.Table, as_of: date, conditions: Mapping[Key, Expression]) -> dict[Key, Mask]:
    """Where each of some conditions without looks back is true. They must fit the columns of the table.

    Raises DataRefused for a name that is not there, and for values of a type that does not fit.
    """
    lowering = Lowering(types_of(table), project.segments, as_of)
    plans = {key: lowering.plan(one) for key, one in conditions.items()}
    columns = _columns(project, table, as_of, lowering, list(plans.values()))
    masks = Program(list(plans.values()), columns).run(table.num_rows)
    return dict(zip(plans, masks, strict=True))


def _columns(
    project: Project, table: pa.Table, as_of: date, lowering: Lowering, plans: list[Plan]
) -> dict[str, Prepared]:
    """The columns that plans read; those that are computed, in one query."""
    read = columns_of(plans)
    computed = {name: one for name, one in lowering.computed.items() if name in read}
    evaluator = Evaluator(project, lambda name: _resolved(table, name), table.num_rows, as_of)
    made = evaluator.evaluate(computed).columns if computed else {}
    found = {name: prepare(one_array(made[name])) for name in computed}
    return found | {name: prepare(one_array(table[name])) for name in read if name not in computed}


def _resolved(table: pa.Table, name: str) -> pa.Array | None:
    return one_array(table[name]) if name in table.column_names else None


def _refused(project: Project, table: pa.Table, asked: Mapping[tuple[str, str], Expression]) -> dict[str, str]:
    """Why some rules cannot be asked: names that are not there, types that do not fit, in them or in segments."""
    types = types_of(table)
    found: dict[str, str] = {}
    for (name, where), expression in asked.items():
        problems = _problems(project, types, f"'{where}' of rule '{name}'", expression)
        if problems and name not in found:
            found[name] = f"'{where}': {problems[0]}"
    return found


def _problems(project: Project, types: Mapping[str, ValueType], place: str, expression: Expression) -> list[str]:
    found = [str(one) for one in check_condition(expression, NameScope(place, types, project.segments))]
    for segment in segments_in(expression):
        if not found and segment in project.segments:
            found += _problems(project, types, f"segment '{segment}'", project.segments[segment])
    return found


def types_of(table: pa.Table) -> dict[str, ValueType]:
    """The types of a table's columns in the expression language."""
    return {column.name: _type(column.type) for column in table.schema}


def _type(kind: pa.DataType) -> ValueType:
    for is_kind, found in _TYPES:
        if is_kind(kind):
            return found
    return ValueType.UNKNOWN


_TYPES = (
    (pa.types.is_boolean, ValueType.BOOLEAN),
    (pa.types.is_string, ValueType.TEXT),
    (pa.types.is_large_string, ValueType.TEXT),
    (pa.types.is_floating, ValueType.NUMBER),
    (pa.types.is_integer, ValueType.NUMBER),
    (pa.types.is_decimal, ValueType.NUMBER),
    (pa.types.is_date, ValueType.DATE),
    (pa.types.is_timestamp, ValueType.TIMESTAMP),
    (pa.types.is_null, ValueType.NULL),
)
