"""Advocacy is counted once its datasets and metrics stand in the definitions."""

from __future__ import annotations

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration import adding
from keepwell.apps.configuration.models import Version
from keepwell.definitions.advocacy import REQUESTS_TABLE, TABLE
from keepwell.engine.advocacy.facts import DATASETS, METRICS

NOTE = "Advocacy can be measured: its datasets and metrics"


def is_counted() -> bool:
    """Whether a dataset reads activities."""
    return adding.is_read(TABLE)


def add_measures(*, actor: Actor) -> Version:
    """Publishes datasets and metrics as a change of their own. Raises Forbidden, RequestRefused."""
    return adding.add_measures(
        actor=actor, about="advocacy", name="advocacy", text=DATASETS + METRICS, tables=(TABLE, REQUESTS_TABLE),
        note=NOTE,
    )  # fmt: skip
