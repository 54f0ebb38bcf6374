"""Pages that no operation of the API does, and why; and those that any draft is written by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Without:
    """No operation of the API, and why."""

    reason: str


EDITOR = ("get_draft", "patch_draft_files")
"""The form writes into the YAML that these operations carry."""

WHILE_TYPING = Without("tells somebody who types what a draft would mean; programs publish, and ask what is in force")
