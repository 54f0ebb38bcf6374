"""Accounts and relationships as the data say they are: renewed by each run, in one transaction with health.

What a person said of a stage stands until the source says another than it said before; what they said of an owner,
until somebody gives the account back to the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from keepwell.apps.access.models import User
from keepwell.apps.customers.announcing import announce_stages
from keepwell.apps.customers.models import Account, Relationship, StageChange
from keepwell.definitions.datasets import Dataset
from keepwell.definitions.project import Project
from keepwell.engine.values import EntityValues, Values

_ACCOUNT_FIELDS = [
    "name", "parent", "owner", "owner_name", "team_id", "stage", "source_stage", "arr", "started_on", "renews_on",
    "segments", "attributes", "in_population",
]  # fmt: skip
_SOURCE = "accounts data"


def renew_accounts(project: Project, values: Values, segments: Mapping[str, Sequence[str]]) -> None:
    """Writes every account of the population; those that left it are kept and marked."""
    dataset = project.with_role("accounts")
    assert dataset is not None, "accounts were scored"
    people = {user.name: user for user in User.objects.filter(is_active=True)}
    before = Account.objects.select_related("owner").in_bulk()
    rows = [_account(dataset[1], row, segments.get(row["id"], ()), people) for row in _rows(values.accounts)]
    merged = {pk: one.merged_into_id for pk, one in before.items() if one.merged_into_id}
    for row in rows:
        row.parent_id = merged.get(row.parent_id, row.parent_id)
        if row.parent_id == row.pk:
            row.parent_id = None
        if row.pk in before:
            _keep_what_people_said(row, before[row.pk])
    Account.objects.exclude(pk__in=[row.pk for row in rows]).update(in_population=False)
    Account.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["id"], update_fields=_ACCOUNT_FIELDS
    )
    _note_stages(rows, before, values.as_of)


def _keep_what_people_said(row: Account, before: Account) -> None:
    row.in_population = before.merged_into_id is None
    if row.source_stage == before.source_stage:
        row.stage = before.stage
    renamed = row.owner is None and row.owner_name == before.owner_name  # somebody whose name was changed here
    if before.owner_by_hand or (renamed and before.owner is not None):
        row.owner, row.team_id = before.owner, before.owner.team_id if before.owner else None


def _note_stages(rows: Iterable[Account], before: Mapping[str, Account], as_of: date) -> None:
    """The ledger of stages, where the source moved an account."""
    moved = [row for row in rows if row.stage != (before[row.pk].stage if row.pk in before else "")]
    at = datetime.combine(as_of, time(), UTC)
    changes = StageChange.objects.bulk_create(
        (StageChange(account_id=row.pk, stage=row.stage, occurred_at=at, author=_SOURCE) for row in moved),
        batch_size=5000,
    )
    announce_stages(one for one in changes if one.account_id in before)  # who is new was in no stage before


def renew_relationships(project: Project, values: Values) -> None:
    if values.relationships is None:
        return
    found = project.with_role("relationships")
    assert found is not None
    merged = dict(Account.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    rows = [
        Relationship(
            id=row["id"], account_id=merged.get(row["account"], row["account"]),
            name=str(row["attributes"].get(found[1].name or "") or row["id"]),
            attributes=_plain(row["attributes"]), in_population=True,
        )
        for row in _rows(values.relationships)
    ]  # fmt: skip
    Relationship.objects.exclude(pk__in=[row.pk for row in rows]).update(in_population=False)
    Relationship.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["id"],
        update_fields=["account", "name", "attributes", "in_population"],
    )  # fmt: skip


def _rows(values: EntityValues) -> list[dict[str, Any]]:
    attributes = values.attributes.to_pylist() or [{} for _ in range(len(values))]
    together = zip(
        values.ids.to_pylist(), values.accounts.to_pylist(), values.parents.to_pylist(), attributes, strict=True
    )
    return [{"id": i, "account": a, "parent": p, "attributes": rest} for i, a, p, rest in together]


def _account(dataset: Dataset, row: Mapping[str, Any], segments: Sequence[str], people: Mapping[str, User]) -> Account:
    attributes = row["attributes"]

    def of(column: str | None) -> Any:
        return attributes.get(column) if column else None

    owner_name = str(of(dataset.owner) or "")
    owner = people.get(owner_name)
    return Account(
        id=row["id"],
        name=str(of(dataset.name) or row["id"]),
        parent_id=row["parent"],
        owner=owner,
        owner_name=owner_name,
        team_id=owner.team_id if owner else None,
        stage=str(of(dataset.stage) or ""),
        source_stage=str(of(dataset.stage) or ""),
        arr=of(dataset.arr),
        started_on=_day(of(dataset.started_at)),
        renews_on=_day(of(dataset.renews_on)),
        segments=list(segments),
        attributes=_plain(attributes),
        in_population=True,
    )


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in attributes.items()
    }


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
