"""Which rules events set in motion, and for whom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.expressions import names_in
from keepwell.definitions.project import Project
from keepwell.definitions.triggers import EventTrigger
from keepwell.engine.columns import one_array
from keepwell.engine.rules.matching import truths_of
from keepwell.engine.rules.program import Mask
from keepwell.engine.rules.starting import Start
from keepwell.errors import DataRefused


def started_by_events(project: Project, events: pa.Table, as_of: date) -> Start:
    """The rules with a trigger that fits an event, each with the accounts of the events that fit.

    `events`: `account_id`, `event`, and where there are any `url` and `properties` (JSON text). `where` sees the
    properties by name, as the numbers, booleans or texts they are; one that an event does not have is null.
    """
    found: dict[str, pa.Array | None] = {}
    for name, rule in project.rules_in_order().items():
        if not rule.enabled:
            continue
        accounts = accounts_of_events(project, events, rule.triggers("event"), as_of)
        if len(accounts):
            found[name] = accounts
    return Start("event", rules=found)


def accounts_of_events(project: Project, events: pa.Table, triggers: Iterable[object], as_of: date) -> pa.Array:
    """The accounts, each once, of the events that fit any of the triggers by events."""
    masks = [_fitting(project, events, one, as_of) for one in triggers]
    fits = np.logical_or.reduce(masks) if masks else np.zeros(events.num_rows, dtype=np.bool_)
    return pc.unique(one_array(events["account_id"]).filter(pa.array(fits)).drop_null())


def _fitting(project: Project, events: pa.Table, trigger: object, as_of: date) -> Mask:
    assert isinstance(trigger, EventTrigger)
    pattern = re.compile(".*".join(map(re.escape, trigger.event.split("*"))), re.DOTALL)
    named = [event is not None and bool(pattern.fullmatch(event)) for event in events["event"].to_pylist()]
    fits = np.array(named, dtype=np.bool_)
    if trigger.where is None or not fits.any():
        return fits
    there = events.filter(pa.array(fits))
    try:
        fits[fits] = truths_of(project, _named(there, trigger), as_of, {"where": trigger.where})["where"]
    except DataRefused:  # of these events no property is of the type that the condition asks for
        fits[:] = False
    return fits


def _named(events: pa.Table, trigger: EventTrigger) -> pa.Table:
    """The columns that `where` names: those of the events, else properties."""
    assert trigger.where is not None
    texts = events["properties"].to_pylist() if "properties" in events.column_names else [None] * events.num_rows
    properties = [_read(text) for text in texts]
    columns = {
        name.dotted: one_array(events[name.dotted])
        if name.dotted in ("event", "url") and name.dotted in events.column_names
        else _column([one.get(name.dotted) for one in properties])
        for name in names_in(trigger.where)
    }
    return pa.table({"": pa.nulls(events.num_rows), **columns})


def _read(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _column(values: list[Any]) -> pa.Array:
    """Numbers, booleans or texts; several kinds beside each other as the texts that JSON writes."""
    there = {type(value) for value in values if value is not None}
    if there <= {int, float} and there:
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    if there == {bool}:
        return pa.array(values, pa.bool_())
    if not there:
        return pa.nulls(len(values))
    return pa.array([None if one is None else one if isinstance(one, str) else json.dumps(one) for one in values])
