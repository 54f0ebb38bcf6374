"""When the tasks of a playbook are due, each by a calendar of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from keepwell.apps.cockpit.business_days import Calendar
from keepwell.definitions.playbooks import AfterTask, Task


def due_days(
    tasks: Mapping[str, Task], calendar_of: Callable[[str], Calendar], start: Callable[[Calendar], date]
) -> dict[str, date]:
    """By the name of a task, as if each were done on its day. `start`: the day on which the work begins, where a
    calendar is. Tasks wait for each other in no circle."""
    found: dict[str, date] = {}

    def due(name: str) -> date:
        if name not in found:
            after, calendar = tasks[name].after, calendar_of(name)
            begin = due(after.task) if isinstance(after, AfterTask) else start(calendar)
            found[name] = calendar.due(begin, after.delay if isinstance(after, AfterTask) else after)
        return found[name]

    for name in tasks:
        due(name)
    return found
