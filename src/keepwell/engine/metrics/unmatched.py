"""Rows that lead to nobody: they name no account, or one that is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.ids import id_text

LEAD, NAMED, ROWS = "kw_lead", "kw_named", "kw_rows"


@dataclass(frozen=True)
class Lead:
    """A column of a dataset that leads to a row of `target` by its key; None: it has only to say something.

    `unless` is a column that leads elsewhere where it has a value; `is_optional`: an empty cell leads elsewhere.
    """

    dataset: str
    column: str
    target: str | None = None
    unless: str | None = None
    is_optional: bool = False


def leads(project: Project, metrics: Iterable[str]) -> tuple[Lead, ...]:
    """What has to lead somewhere: from the facts of `metrics`, in the population, and in the ledgers."""
    facts = sorted({one.dataset for name in metrics if isinstance(one := project.metrics[name], AggregateMetric)})
    found = [*_of_population(project), *_of_facts(project, facts), *_of_ledgers(project)]
    return tuple(dict.fromkeys(found))


def unmatched(reader: FactReader, wanted: tuple[Lead, ...]) -> ir.Table:
    """Rows that do not lead where they should, of all times: `kw_lead` (position in `wanted`, at least one),
    `kw_named` (what they name, null where that is nothing) and the number of rows, which may be 0 for null."""
    return ibis.union(*parts) if len(parts := list(_parts(reader, wanted))) > 1 else parts[0]


def _parts(reader: FactReader, wanted: tuple[Lead, ...]) -> Iterator[ir.Table]:
    for number, lead in enumerate(wanted):
        rows = _leading(reader, lead)
        found = _without_value(rows) if lead.target is None else _without_target(reader, rows, lead.target)
        yield found.select(**{LEAD: ibis.literal(number, "int64"), NAMED: found[NAMED], ROWS: found[ROWS]})


def _leading(reader: FactReader, lead: Lead) -> ir.Table:
    rows = reader.table(lead.dataset)
    if lead.unless:
        rows = rows.filter(rows[lead.unless].isnull())
    if lead.is_optional:
        rows = rows.filter(rows[lead.column].notnull())
    return rows.select(**{NAMED: rows[lead.column] if lead.target is None else id_text(rows[lead.column])})


def _without_value(rows: ir.Table) -> ir.Table:
    counted = rows.filter(rows[NAMED].isnull()).aggregate(**{ROWS: ibis._.count()})
    return counted.mutate(**{NAMED: ibis.null("string")})


def _without_target(reader: FactReader, rows: ir.Table, target: str) -> ir.Table:
    there = reader.table(target)
    keys = there.select(**{NAMED: id_text(there[str(reader.project.datasets[target].key)])})
    lost = rows.anti_join(keys, NAMED)
    return lost.group_by(NAMED).aggregate(**{ROWS: lost.count()})


def _of_population(project: Project) -> Iterator[Lead]:
    for role in ("accounts", "relationships"):
        for name, dataset in project.all_with_role(role).items():
            yield Lead(name, str(dataset.key))
            if role == "relationships":
                yield from _to_accounts(project, name)


def _of_facts(project: Project, datasets: Iterable[str]) -> Iterator[Lead]:
    for name in datasets:
        dataset = project.datasets[name]
        if dataset.via:
            yield Lead(name, dataset.via.on, dataset.via.via)
            yield Lead(dataset.via.via, str(project.datasets[dataset.via.via].account))
        elif dataset.role not in ("accounts", "relationships"):
            yield Lead(name, str(dataset.account or dataset.relationship))


def _of_ledgers(project: Project) -> Iterator[Lead]:
    units = project.with_role("relationships")
    for role in ("entries", "overrides", "pins"):
        for name, dataset in project.all_with_role(role).items():
            yield from _to_accounts(project, name)
            if dataset.relationship and units:
                yield Lead(name, dataset.relationship, units[0], is_optional=dataset.account is not None)


def _to_accounts(project: Project, name: str) -> Iterator[Lead]:
    dataset, accounts = project.datasets[name], project.with_role("accounts")
    if isinstance(dataset.account, str) and accounts:
        yield Lead(name, dataset.account, accounts[0], unless=dataset.relationship)
