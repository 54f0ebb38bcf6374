"""The catalogue of reporting: which tables dashboards may name, what is in them, and how each belongs to an account.

Every dataset of the definitions is in it. Beside them stand the accounts as they were scored, the history of scores,
and what the application keeps itself; a dataset of the same name stands in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from keepwell.definitions.datasets import Dataset
from keepwell.definitions.expressions import ValueType
from keepwell.definitions.project import Project

ACCOUNTS = "accounts"
"""Accounts at a date: attributes, metrics, scores. One row an account."""

SCORES = "scores"
"""The history of scores: one row an account and date."""

_N, _T, _B, _D, _S = (
    ValueType.NUMBER,
    ValueType.TEXT,
    ValueType.BOOLEAN,
    ValueType.DATE,
    ValueType.TIMESTAMP,
)


@dataclass(frozen=True)
class KnownTable:
    """A table that is in every catalogue. `complete`: it has these columns and no others."""

    title: str
    dataset: Dataset
    columns: Mapping[str, ValueType]
    complete: bool = True


def _table(title: str, columns: Mapping[str, ValueType], *, complete: bool = True, **says: Any) -> KnownTable:
    dataset = Dataset.model_validate({"title": title, "account": "account_id", **says})
    return KnownTable(title, dataset, {"account_id": _T, **columns}, complete)


KNOWN_TABLES: Mapping[str, KnownTable] = {
    SCORES: _table(
        "History of scores",
        {"as_of": _D, "score": _N, "computed_score": _N, "label": _T, "scorecard": _T, "coverage": _N, "version": _T},
        table="keepwell.scores", occurred_at="as_of",
    ),
    "calls_to_action": _table(
        "Calls to action",
        {"id": _N, "relationship_id": _T, "type": _T, "reason": _T, "origin": _T, "playbook": _T, "priority": _N,
         "opened_at": _S, "closed_at": _S, "outcome": _T},
        table="keepwell.calls_to_action", occurred_at="opened_at",
        known_later={"closed_at": "closed_at", "outcome": "closed_at"},
    ),
    "tasks": _table(
        "Tasks",
        {"id": _N, "call_id": _N, "status": _T, "due_on": _D, "created_at": _S, "done_at": _S}, complete=False,
        table="keepwell.tasks", occurred_at="created_at", known_later={"done_at": "done_at"},
    ),
    "timeline": _table(
        "Timeline",
        {"id": _N, "relationship_id": _T, "type": _T, "origin": _T, "minutes": _N, "sentiment": _T, "occurred_at": _S,
         "recorded_at": _S},
        table="keepwell.timeline", occurred_at="occurred_at", recorded_at="recorded_at",
    ),
    "stages": _table(
        "Moves between stages",
        {"stage": _T, "occurred_at": _S, "recorded_at": _S, "author": _T, "reason": _T},
        table="keepwell.stages", occurred_at="occurred_at", recorded_at="recorded_at",
    ),
    "milestones": _table(
        "Milestones",
        {"stage": _T, "name": _T, "entered_on": _D, "due_on": _D, "reached_on": _D, "left_on": _D},
        table="keepwell.milestones", occurred_at="entered_on",
        known_later={"reached_on": "reached_on", "left_on": "left_on"},
    ),
    "responses": _table(
        "Answers to surveys",
        {"answer_id": _T, "response_id": _T, "subject": _T, "survey": _T, "version": _T, "person_id": _T,
         "question": _T, "kind": _T, "part": _T, "number": _N, "choice": _T, "language": _T, "channel": _T,
         "asked_at": _S, "occurred_at": _S, "recorded_at": _S},
        table="keepwell.responses", key="subject", changed_at="occurred_at", occurred_at="occurred_at",
        recorded_at="recorded_at",
    ),
    "invitations": _table(
        "Invitations to surveys",
        {"invitation_id": _T, "survey": _T, "version": _T, "person_id": _T, "channel": _T, "language": _T,
         "asked_at": _S, "recorded_at": _S, "sent_at": _S, "answered_at": _S, "reminded": _N, "bounced": _B},
        table="keepwell.invitations", key="invitation_id", changed_at="recorded_at", occurred_at="asked_at",
        recorded_at="recorded_at",
    ),
    "advocacy": _table(
        "Advocacy",
        {"activity_id": _T, "person_id": _T, "kind": _T, "happened_on": _D, "occurred_at": _S, "changed_at": _S,
         "recorded_at": _S, "is_withdrawn": _B, "points": _N, "half_life_days": _N, "zero_after_days": _N, "site": _T,
         "rating": _N, "deal": _T, "result": _T, "influenced": _N, "won": _N},
        complete=False, table="keepwell.advocacy", key="activity_id", changed_at="changed_at", deleted="is_withdrawn",
        occurred_at="happened_on", recorded_at="recorded_at",
    ),
    "advocacy_requests": _table(
        "Requests for advocacy",
        {"request_id": _T, "person_id": _T, "kind": _T, "status": _T, "occurred_at": _S, "changed_at": _S,
         "recorded_at": _S, "amount": _N},
        complete=False, table="keepwell.advocacy_requests", key="request_id", changed_at="changed_at",
        occurred_at="occurred_at", recorded_at="recorded_at",
    ),
    "sentiments": _table(
        "Sentiment of texts",
        {"text_id": _T, "source": _T, "relationship_id": _T, "person_id": _T, "label": _T, "score": _N, "language": _T,
         "occurred_at": _S, "recorded_at": _S, "changed_at": _S},
        complete=False, table="keepwell.sentiments", key="text_id", changed_at="changed_at", occurred_at="occurred_at",
        recorded_at="recorded_at",
    ),
    "text_topics": _table(
        "Topics of texts",
        {"topic_of_text": _T, "topic": _T, "text_id": _T, "source": _T, "relationship_id": _T, "person_id": _T,
         "label": _T, "score": _N, "language": _T, "occurred_at": _S, "recorded_at": _S, "changed_at": _S},
        complete=False, table="keepwell.text_topics", key="topic_of_text", changed_at="changed_at",
        occurred_at="occurred_at", recorded_at="recorded_at",
    ),
}  # fmt: skip


def with_known_tables(project: Project) -> Project:
    """The project as reports see it: known tables are datasets like its own, which come first where names are alike."""
    known = {name: table.dataset for name, table in KNOWN_TABLES.items()}
    return replace(project, datasets={**known, **project.datasets})


def catalogue_names(project: Project) -> frozenset[str]:
    """Every dataset that a widget may name."""
    return frozenset({ACCOUNTS, *KNOWN_TABLES, *project.datasets})


def holds_accounts(project: Project, dataset: str) -> bool:
    """Whether a dataset is the accounts as they were scored, under that name or that of the definitions."""
    found = project.with_role("accounts")
    return dataset == ACCOUNTS or (found is not None and dataset == found[0])


def known_table(project: Project, dataset: str) -> KnownTable | None:
    """The known table of this name, unless the definitions have a dataset of the name."""
    return None if dataset in project.datasets else KNOWN_TABLES.get(dataset)


def time_of(project: Project, dataset: str) -> str | None:
    """The column that says when a row of the dataset happened; None for accounts, which are as they are at a date."""
    if holds_accounts(project, dataset):
        return None
    found = with_known_tables(project).datasets.get(dataset)
    return (found.occurred_at or found.changed_at) if found else None
