"""Asks the worker for a job by its name: apps above register what it does."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue


def ask_once(job: str, **content: JSONValue) -> None:
    """One that waits already is enough: the job looks at everything that there is. A transaction around it goes on."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(job, queueing_lock=job).defer(**content)
