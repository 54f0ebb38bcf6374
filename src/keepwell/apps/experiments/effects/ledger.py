"""Who was treated by what, out of everything that people and rules did, and who was held out of it by chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from keepwell.apps.advocacy.models import Activity
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.rules.ledgers import TREATMENTS
from keepwell.apps.rules.models import Treatment
from keepwell.apps.surveys.models import Invitation
from keepwell.definitions.actions import OpenCallAction
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.learning.effects.ledger import SCHEMA

Row = tuple[str | None, str, str, date | None, bool, date | None]
"""As `SCHEMA`: account, by, version, day, is_held_out, withdrawn_on."""
Did = tuple[str, str]
"""`by` and version of a rule, as in the ledger of treatments."""


def rows_of(project: Project) -> pa.Table:
    """Everything that this installation did, by `learning.effects.ledger.SCHEMA`; days by the project's time zone."""
    zone = ZoneInfo(project.settings.time_zone)
    rows = [*_treated(project, zone), *_calls(zone), *_surveys(zone), *_advocacy()]
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)], SCHEMA)


def imported(project: Project) -> list[str]:
    """Datasets of treatments that are not the ledger of this installation."""
    return [name for name, one in project.all_with_role("treatments").items() if one.table != TREATMENTS]


def started_by(project: Project) -> Mapping[Did, tuple[str, ...]]:
    """By rule and its version what it starts that can be asked about by itself: calls that it opens, their playbooks.

    An earlier version of a rule may have started something else: whom it held out is held out of the rule alone.
    """
    versions = Versions(project)
    found = {
        (f"rule:{name}", versions.of("rules", name)): tuple(dict.fromkeys(_does(rule.actions)))
        for name, rule in project.rules.items()
    }
    return {did: does for did, does in found.items() if does}


def _does(actions: Iterable[object]) -> Iterator[str]:
    for one in actions:
        if isinstance(one, OpenCallAction):
            yield f"call:{one.open_call.type}"
            if one.open_call.playbook:
                yield f"playbook:{one.open_call.playbook}"


def _treated(project: Project, zone: ZoneInfo) -> Iterator[Row]:
    """The ledger of treatments; where a rule held accounts out, it held them out of what it starts too."""
    starts = started_by(project)
    fields = ("account_id", "by", "version", "occurred_at", "is_held_out", "withdrawn_at")
    found = Treatment.objects.order_by("pk").values_list(*fields)
    held = set(Treatment.objects.filter(is_held_out=True).values_list("by", "version").distinct())
    for account, by, version, at, is_held_out, withdrawn in found.iterator():
        day, back = _day(at, zone), _day(withdrawn, zone)
        yield account, by, version, day, is_held_out, back
        for other in starts.get((by, version), ()) if (by, version) in held else ():
            yield account, other, f"{by} {version}", day, is_held_out, back


def _calls(zone: ZoneInfo) -> Iterator[Row]:
    found = CallToAction.objects.order_by("pk").values_list("account_id", "type", "opened_at")
    return ((account, f"call:{kind}", "", _day(at, zone), False, None) for account, kind, at in found.iterator())


def _surveys(zone: ZoneInfo) -> Iterator[Row]:
    """Whoever was asked is treated, whether it answered or not: answering is not ours to give."""
    asked = Invitation.objects.filter(account__isnull=False, withdrawn_at=None)
    found = asked.order_by("pk").values_list("account_id", "survey", "asked_at")
    return ((account, f"survey:{name}", "", _day(at, zone), False, None) for account, name, at in found.iterator())


def _advocacy() -> Iterator[Row]:
    done = Activity.objects.filter(is_withdrawn=False)
    found: Any = done.order_by("pk").values_list("account_id", "kind", "happened_on")
    return ((account, f"advocacy:{kind}", "", day, False, None) for account, kind, day in found.iterator())


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return at.astimezone(zone).date() if at is not None else None
