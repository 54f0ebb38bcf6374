"""An import is taken: records and the word of what the lake is to hold in one transaction, then the lake."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.audit.operations import record
from keepwell.apps.connectors.importing.checking import manner_of
from keepwell.apps.connectors.importing.merging import Meeting
from keepwell.apps.connectors.importing.models import Import, ImportStatus
from keepwell.apps.connectors.importing.place import accepted, folder_of, records_before, written
from keepwell.apps.connectors.importing.progress import tell
from keepwell.apps.connectors.importing.records import (
    PeopleMeeting,
    people_there,
    undo_accounts,
    undo_people,
    write_accounts,
)
from keepwell.apps.connectors.importing.targets import Target, dataset_of, target_named, usable
from keepwell.apps.connectors.importing.writing import IMPORT, UNDO, told
from keepwell.apps.connectors.loaded import scores_follow
from keepwell.apps.customers.lake_writes import lake_table, write_after_commit, write_waiting
from keepwell.apps.customers.models import LakeWrite
from keepwell.apps.customers.operations.upserting import hold_upserts
from keepwell.lake.place import FACTS


def take(one: Import, actor: Actor) -> None:
    """Whatever an earlier try left half-way is gone on with: before its commit nothing was done, after it the lake is
    written, once."""
    target = usable(target_named(one.target))
    if one.status == ImportStatus.TAKING:
        tell(one, "putting rows into the database" if target.kind != "dataset" else "deciding what is written")
        _commit(one.pk, target, actor)
        one.refresh_from_db()
    if one.status == ImportStatus.WRITING:
        tell(one, "writing to the lake")
        _write_lake(target)
        _finish(one, ImportStatus.DONE, told(one.pk, "written"))


def undo(one: Import, actor: Actor) -> None:
    """The same for taking it back."""
    target = usable(target_named(one.target))
    if one.step != _UNDONE_RECORDS:
        _commit_undo(one.pk, target, actor)
        one.refresh_from_db()
    _write_lake(target)
    _finish(one, ImportStatus.UNDONE, {f"undo_{name}": count for name, count in told(one.pk, "undone").items()})


_UNDONE_RECORDS = "writing to the lake"


@transaction.atomic
def _commit(number: int, target: Target, actor: Actor) -> None:
    one = Import.objects.select_for_update().get(pk=number)
    hold_upserts()
    at = timezone.now()
    if target.kind == "people":
        _take_people(one)
    elif target.kind == "accounts":
        _take_accounts(one, target)
    if target.kind != "people":
        write_after_commit(table=FACTS + target.name, kind=IMPORT, content=_content(one, target))
    one.status, one.began_at = ImportStatus.WRITING, one.began_at or at
    one.save(update_fields=["status", "began_at", "counts"])
    record(actor, "imported", kind="import", of=one.pk, name=f"{one.file_name} into {target.title}",
           after={"file": one.file_name, "target": target.name, "mode": one.mode, **one.counts})  # fmt: skip


def _content(one: Import, target: Target) -> dict[str, object]:
    names = {column["name"] for column in one.columns.values()}
    manner, dataset = manner_of(one, target, names), dataset_of(target)
    return {
        "import": one.pk, "key": list(manner.key), "changed_at": manner.changed_at, "clears": one.clears,
        "account": target.account, "occurred_at": target.occurred_at, "recorded_at": dataset.recorded_at,
    }  # fmt: skip


def _take_accounts(one: Import, target: Target) -> None:
    names = {column["name"] for column in one.columns.values() if column["name"]}
    manner, at = manner_of(one, target, names), timezone.now()
    folder = folder_of(one.pk)
    with Meeting(lake_table(FACTS + target.name), accepted(one.pk), manner, at, folder / "scratch") as meeting:
        one.counts = {**one.counts, **meeting.counts()}
        one.began_at = at
        write_accounts(dataset_of(target), meeting.connection, meeting.written(), names, folder, at,
                       before=records_before(one.pk))  # fmt: skip


def _take_people(one: Import) -> None:
    folder = folder_of(one.pk)
    there = folder / "people-there.csv"
    people_there(there)
    people = PeopleMeeting(accepted(one.pk), there, folder / "scratch", clears=one.clears)
    try:
        one.counts = {**one.counts, **people.counts()}
        people.write(folder, records_before(one.pk), timezone.now())
    finally:
        people.close()
        there.unlink()


@transaction.atomic
def _commit_undo(number: int, target: Target, actor: Actor) -> None:
    one = Import.objects.select_for_update().get(pk=number)
    hold_upserts()
    done: dict[str, int] = {}
    if target.kind == "people":
        done = undo_people(records_before(one.pk))
    elif target.kind == "accounts" and one.began_at is not None and written(one.pk).exists():
        done = undo_accounts(
            records_before(one.pk), written(one.pk), target.account or "id", one.began_at, folder_of(one.pk)
        )
    if target.kind != "people":
        write_after_commit(table=FACTS + target.name, kind=UNDO, content=_content(one, target))
    one.step, one.counts = _UNDONE_RECORDS, {**one.counts, **{f"undo_{name}": count for name, count in done.items()}}
    one.save(update_fields=["step", "counts"])
    record(actor, "undid import", kind="import", of=one.pk, name=f"{one.file_name} into {target.title}", after=done)


def _write_lake(target: Target) -> None:
    """Raises what the lake raised; the worker's minute goes on with it as well."""
    if target.kind != "people" and LakeWrite.objects.filter(table=FACTS + target.name, done_at=None).exists():
        write_waiting()


def _finish(one: Import, status: ImportStatus, counts: dict[str, object]) -> None:
    one.refresh_from_db()
    kept = {name: count for name, count in counts.items() if name != "adds"}
    one.status, one.step, one.ended_at, one.error = status, "", timezone.now(), ""
    one.counts = {**one.counts, **kept}
    with transaction.atomic():
        one.save()
        scores_follow(one.target)
