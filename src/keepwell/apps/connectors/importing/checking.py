"""A dry run: every row is read, typed and judged, and met with what is there; nothing is written
but beside the file."""

from __future__ import annotations

from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.connectors.importing.matching import read_columns
from keepwell.apps.connectors.importing.merging import Manner, Meeting
from keepwell.apps.connectors.importing.models import Import, ImportStatus
from keepwell.apps.connectors.importing.place import accepted, folder_of, rejected, uploaded
from keepwell.apps.connectors.importing.progress import tell
from keepwell.apps.connectors.importing.reading import ReadCounts, Reading, read
from keepwell.apps.connectors.importing.records import PeopleMeeting, people_there
from keepwell.apps.connectors.importing.rules import rules_for
from keepwell.apps.connectors.importing.targets import Target, target_named, usable
from keepwell.apps.customers.lake_writes import lake_table
from keepwell.apps.customers.models import Account
from keepwell.lake.files.source import FileSource
from keepwell.lake.loading import LOCAL_DAY
from keepwell.lake.place import FACTS
from keepwell.lake.statements import literal, open_duckdb, quoted, rows


def check(one: Import, actor: Actor) -> None:
    """Doing it twice gives the same."""
    target = usable(target_named(one.target))
    found = read(
        reading_of(one, target, actor), folder_of(one.pk), accepted(one.pk), rejected(one.pk), lambda s: tell(one, s)
    )
    tell(one, "comparing with what is there")
    met = met_counts(one, target)
    one.counts = {"rows": found.rows, "accepted": found.accepted, "rejected": found.rejected, **met}
    strange = one.counts.pop("strange", 0)
    one.counts["accepted"], one.counts["rejected"] = found.accepted - strange, found.rejected + strange
    one.reasons = [{"reason": reason, "rows": count} for reason, count in found.reasons]
    if strange:
        told = "nobody at the account has the key that the row gives; these rows are not in the file that comes back"
        one.reasons.append({"reason": told, "rows": strange})
    one.notes = _notes(one, target, found)
    one.status, one.step, one.ended_at = ImportStatus.CHECKED, "", timezone.now()
    one.save()


def reading_of(one: Import, target: Target, actor: Actor) -> Reading:
    columns = read_columns(target, one.columns)
    names = {column.name for column in columns}
    rules = rules_for(target, actor, names)
    path = uploaded(one.pk)
    derived = dict(rules.derived)
    if target.occurred_at in names:
        derived[LOCAL_DAY] = _local_day(target, next(c.kind for c in columns if c.name == target.occurred_at))
    source = FileSource(
        dataset=target.name, pattern=path.name, folder=path.parent, format="csv", delimiter=one.delimiter
    )
    return Reading(source, columns, target.zone, rules.key, rules.rules, rules.given, derived)


def manner_of(one: Import, target: Target, names: set[str]) -> Manner:
    """With the time of change among its columns, a row is told apart by it as well."""
    manner, key = target.manner, target.manner.key
    if manner.changed_at in names:
        key = (*key, str(manner.changed_at))
    return Manner(key, manner.changed_at, one.clears)


def met_counts(one: Import, target: Target) -> dict[str, int]:
    scratch = folder_of(one.pk) / "scratch"
    if target.kind == "people":
        there = folder_of(one.pk) / "people-there.csv"
        people_there(there)
        people = PeopleMeeting(accepted(one.pk), there, scratch, clears=one.clears)
        try:
            return people.counts()
        finally:
            people.close()
            there.unlink()
    names = {column["name"] for column in one.columns.values()}
    with Meeting(
        lake_table(FACTS + target.name), accepted(one.pk), manner_of(one, target, names), timezone.now(), scratch
    ) as meeting:
        return meeting.counts()


def _local_day(target: Target, kind: str) -> str:
    column = quoted(str(target.occurred_at))
    return column if kind == "date" else f"cast(timezone({literal(target.project_zone)}, {column}) as date)"


def _notes(one: Import, target: Target, found: ReadCounts) -> list[str]:
    """What is no reason to reject a row, and worth knowing."""
    names = {column["name"] for column in one.columns.values()}
    if target.kind != "dataset" or target.account not in names or not found.accepted:
        return []
    with open_duckdb() as db:
        path = literal(str(accepted(one.pk)))
        ids = [row[0] for row in rows(db, f"select distinct {quoted(str(target.account))} from read_parquet({path})")]
    known = (
        set(Account.objects.filter(pk__in=ids[:100_000]).values_list("pk", flat=True))
        if len(ids) <= 100_000
        else set(ids)
    )
    unknown = sorted(one for one in set(ids) - known if one)
    if not unknown:
        return []
    shown = ", ".join(unknown[:5]) + ("…" if len(unknown) > 5 else "")
    one_note = (
        f"{len(unknown):,} account ids lead to no account yet ({shown}): their rows are kept, and count for nobody "
        "until the ids are linked under Configure › Identity"
    )
    return [one_note]
