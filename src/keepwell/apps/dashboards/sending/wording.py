"""A dashboard as mail says it: every widget as its numbers, in plain text and as tables."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.template.loader import render_to_string

from keepwell.apps.dashboards.drawing.words import time_said
from keepwell.apps.dashboards.printing.still import Drawn, Still
from keepwell.apps.dashboards.sending.models import Schedule

MOST = 20
"""So many rows of a widget stand in a letter; a file or the page has all."""


def subject_of(still: Still) -> str:
    return f"{still.shown.title}, {time_said(still.day)}" if still.day else still.shown.title


def html_of(schedule: Schedule, still: Still) -> str:
    widgets = [(one, lines, one.beyond(len(lines))) for one in still.widgets for lines in [one.picture.lines[:MOST]]]
    context = {"still": still, "widgets": widgets, "address": address_of(schedule), "ending": ending_of(schedule)}
    return render_to_string("dashboards/sending/letter.html", context)


def text_of(schedule: Schedule, still: Still) -> str:
    parts = [f"{still.shown.title}: {still.said}", *("\n".join(_widget(one)) for one in still.widgets)]
    return "\n\n".join([*parts, address_of(schedule), f"--\n{ending_of(schedule)}"])


def address_of(schedule: Schedule) -> str:
    """Where the page is."""
    query = f"?{schedule.query}" if schedule.query else ""
    return f"{settings.ENVIRONMENT.public_url}/dashboards/{schedule.key}/{query}"


def ending_of(schedule: Schedule) -> str:
    manage = f"{settings.ENVIRONMENT.public_url}/schedules/{schedule.pk}/"
    return f"{schedule.owner} set up that you get this. The numbers are those that you may see. To stop it: {manage}"


def _widget(one: Drawn) -> Iterator[str]:
    yield one.title.upper()
    if one.result.problem is not None:
        yield f"Not shown. {one.result.problem}"
    elif one.number is not None:
        yield one.number.text + (f" ({one.number.change} from {one.number.before})" if one.number.change else "")
    elif one.result.is_empty:
        yield "Nothing here."
    else:
        yield " | ".join(one.heads)
        yield from (" | ".join(cell.text for cell in line.cells) for line in one.picture.lines[:MOST])
        if more := one.beyond(len(one.picture.lines[:MOST])):
            yield f"and {more} more rows"
    yield from one.result.notes
