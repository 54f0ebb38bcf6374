"""A property of HubSpot records, a hundred a call; those that are refused do not hold up the others (207)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keepwell.connect.kinds.hubspot.api import address, sign_in
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Settings

AT_ONCE = 100
RECORDS = "companies"


def update(
    settings: Settings, door: Door, records: str, changes: Sequence[tuple[str, Mapping[str, Any]]]
) -> Iterator[tuple[str, str]]:
    """Writes properties by record id; yields the id of each record that was refused, with the reason."""
    session = door.session()
    sign_in(settings, session)
    inputs: Any = [{"id": key, "properties": dict(fields)} for key, fields in changes]
    answer = session.post(f"{address(settings, session)}/objects/{records}/batch/update", json={"inputs": inputs})
    answer.raise_for_status()
    said = answer.json()
    for error in said.get("errors", ()):
        for key in error.get("context", {}).get("ids", ()):
            yield str(key), str(error.get("message", "refused"))
