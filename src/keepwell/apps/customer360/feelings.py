"""Beside rows whose texts are judged: how their writers feel."""

from __future__ import annotations

from dataclasses import replace

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customer360.records import Records
from keepwell.apps.sentiment.queries import words_of
from keepwell.apps.sentiment.tickets import TICKET


def felt(records: Records) -> Records:
    """With a sentiment for each row, where the dataset holds texts and its key is among the columns."""
    project = current_project()
    texts = project.settings.sentiment.texts if project else {}
    key = project.datasets[records.dataset].key if project and records.dataset in texts else None
    if key is None or key not in records.columns:
        return records
    place = records.columns.index(key)
    ids = [f"{records.dataset}:{row[place]}" for row in records.rows]
    words = words_of(TICKET, ids)
    return replace(records, feelings=[words.get(one, "") for one in ids])
