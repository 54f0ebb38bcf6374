"""One import from its arrival to its end, as the worker carries it on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any


def bring_and_take(kind: str, file: Path) -> dict[str, Any]:
    from keepwell.apps.access.actors import System
    from keepwell.apps.connectors.importing import operations
    from keepwell.apps.connectors.importing.carrying import carry_on
    from keepwell.apps.connectors.importing.targets import PEOPLE

    actor, began = System("benchmark"), time.perf_counter()
    target = PEOPLE if kind == "people" else kind
    one = operations.bring(actor=actor, target=target, file_name=file.name, path=file)
    columns = {
        name: said if said["name"] else {**said, "name": name, "new": True} for name, said in one.columns.items()
    }
    arrived = time.perf_counter()
    operations.match(actor=actor, import_id=one.pk, columns=columns)
    carry_on(one.pk)
    checked = time.perf_counter()
    operations.take(actor=actor, import_id=one.pk, mode=operations.ACCEPTED)
    carry_on(one.pk)
    one.refresh_from_db()
    assert one.status == "done", (one.status, one.error)
    print(f"  arriving {arrived - began:.1f} s, checking {checked - arrived:.1f} s, taking "
          f"{time.perf_counter() - checked:.1f} s", flush=True)  # fmt: skip
    return {name: one.counts[name] for name in ("rows", "new", "changed", "unchanged", "rejected")}
