"""Fields of records in a CRM; the account's id, or an attribute of it, is the record's id there."""

from __future__ import annotations

from collections.abc import Sequence

from keepwell.connect.outgoing import Door
from keepwell.connect.registry import writer_of
from keepwell.connect.spec import Setting, Settings, SourceRefused
from keepwell.connect.writing.target import Delivery, Refusals, Row, TargetSpec

SPEC = TargetSpec(
    "field", "CRM field", "Fields of accounts in Salesforce or companies in HubSpot.", ("salesforce", "hubspot"),
    (
        Setting("records", "Records", "Account in Salesforce, companies in HubSpot unless said here.", required=False),
        Setting("record_id", "Attribute with the record's id", "Its own id unless said here.", required=False),
        Setting("fields", "Fields", "One a line: score = Health_Score__c", long=True),
    ),
    at_once=100,
)  # fmt: skip
RECORD_ID = "record_id"


def fields_of(options: Settings) -> dict[str, str]:
    """Field by column. Raises SourceRefused for lines that are none."""
    found = {}
    for line in options["fields"].splitlines():
        column, equals, field = (part.strip() for part in line.partition("="))
        if line.strip() and not (column and equals and field):
            raise SourceRefused(f"'{line}' says no field: write column = field, such as score = Health_Score__c")
        if column:
            found[column] = field
    if not found:
        raise SourceRefused("say at least one field, such as score = Health_Score__c")
    return found


def write(connection: Settings, options: Settings, door: Door, rows: Sequence[Row], delivery: Delivery) -> Refusals:
    """`rows` have RECORD_ID beside the columns; without one an account is refused."""
    fields, writer = fields_of(options), writer_of(delivery.kind)
    known = {str(row[RECORD_ID]): row for row in rows if row.get(RECORD_ID)}
    yield from ((str(row["id"]), "it has no id of a record") for row in rows if not row.get(RECORD_ID))
    changes = [
        (key, {field: _plain(row.get(column)) for column, field in fields.items()}) for key, row in known.items()
    ]
    if changes:
        records = options["records"] or writer.RECORDS
        for key, reason in writer.update(connection, door, records, changes):
            yield str(known[key]["id"]) if key in known else key, reason


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
