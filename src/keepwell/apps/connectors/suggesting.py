"""A definition for a dataset that nothing in force names yet, to be put into a draft."""

from __future__ import annotations

from typing import Any

import yaml

from keepwell.apps.connectors.models import Sync
from keepwell.apps.connectors.place import project
from keepwell.connect.document import DELETED_AT, SYNCED_AT, document_of


def definition_of(sync: Sync | None) -> str:
    """YAML; empty where the dataset is defined, or there is no sync yet."""
    found = project()
    if sync is None or (found is not None and sync.dataset in found.datasets):
        return ""
    document = document_of(sync.document)
    said: dict[str, Any] = {"file": f"{sync.dataset}.csv"}  # the sync's rows are read in the place of a file's
    if len(document.keys) == 1:
        said["key"] = document.keys[0]
    account = next((one for one in document.columns if one in ("account", "account_id", "accountid")), None)
    said |= {"account": account or "(the column that names the account)"}
    time = next((name for name, one in document.columns.items() if one.type in ("time", "date")), None)
    said |= {"occurred_at": time} if time else {}
    if document.mode == "history":
        said["changed_at"] = SYNCED_AT
    if document.deleted and "key" in said:
        said["deleted"] = DELETED_AT
    return yaml.safe_dump({"datasets": {sync.dataset: said}}, sort_keys=False)
