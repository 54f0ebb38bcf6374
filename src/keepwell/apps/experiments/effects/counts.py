"""What was done so far, counted: what the page of effects offers to be asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.experiments.effects.ledger import rows_of
from keepwell.definitions.project import Project
from keepwell.learning.effects.estimate import FEWEST
from keepwell.learning.effects.ledger import treatments

KINDS = {"rule": "Rule", "playbook": "Playbook", "call": "Call to action", "survey": "Survey", "advocacy": "Advocacy"}


@dataclass(frozen=True)
class Done:
    """One treatment: accounts that got it and that were held out, each counted once."""

    by: str
    treated: int
    held_out: int
    first: date
    last: date

    @property
    def is_enough(self) -> bool:
        return self.treated >= FEWEST

    @property
    def name(self) -> str:
        return said(self.by)


def done(project: Project) -> list[Done]:
    """What was done by this installation, the most often done first."""
    ledger = treatments(rows_of(project))
    table = pa.table({"by": ledger.by, "held": pa.array(ledger.is_held_out), "day": pa.array(ledger.day)})
    groups = table.group_by("by").aggregate([("held", "sum"), ("held", "count"), ("day", "min"), ("day", "max")])
    found = [_done(one) for one in groups.sort_by([("by", "ascending")]).to_pylist()]
    return sorted(found, key=lambda one: (-one.treated, one.by))


def _done(one: dict[str, Any]) -> Done:
    held = int(one["held_sum"] or 0)
    return Done(one["by"], one["held_count"] - held, held, one["day_min"], one["day_max"])


def said(by: str) -> str:
    """playbook:save_plan as: Playbook save plan."""
    kind, _, name = by.partition(":")
    if not name:
        return by.replace("_", " ").capitalize()
    return f"{KINDS.get(kind, kind.replace('_', ' ').capitalize())} {name.replace('_', ' ')}"


def names(project: Project) -> list[str]:
    """Every treatment of this installation, in order."""
    return sorted(pc.unique(rows_of(project)["by"]).to_pylist())
