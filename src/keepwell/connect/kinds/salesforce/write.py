"""A field of Salesforce records: sObject Collections, two hundred a call, each record on its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keepwell.connect.kinds.salesforce.api import address, sign_in
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Settings

AT_ONCE = 200
RECORDS = "Account"


def update(
    settings: Settings, door: Door, records: str, changes: Sequence[tuple[str, Mapping[str, Any]]]
) -> Iterator[tuple[str, str]]:
    """Writes fields by record id; yields the id of each record that was refused, with the reason."""
    session = door.session()
    sign_in(settings, session)
    sent = [{"attributes": {"type": records}, "id": key, **fields} for key, fields in changes]
    url = f"{address(settings, session)}/composite/sobjects"
    answer = session.patch(url, json={"allOrNone": False, "records": sent})
    answer.raise_for_status()
    for (key, _), result in zip(changes, answer.json(), strict=True):
        if not result.get("success"):
            yield key, "; ".join(str(one.get("message", one)) for one in result.get("errors", ())) or "refused"
