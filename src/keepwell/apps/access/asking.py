"""Asks the worker for a job by its name: apps above register what it does."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue


def ask_once(job: str, *, later: int = 0, **content: JSONValue) -> None:
    """One that waits already is enough: the job looks at everything that there is. A transaction around it goes on.

    `job` declares a queueing lock, which tells that one waits. `later`: seconds in which others join it.
    """
    with suppress(AlreadyEnqueued), transaction.atomic():
        task = app.configure_task(job, allow_unknown=False, schedule_in={"seconds": later} if later else None)
        task.defer(**content)
