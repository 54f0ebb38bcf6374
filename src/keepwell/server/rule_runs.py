"""Runs of rules from the command line, of an installation that runs or not; a worker does what is approved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepwell.errors import RequestRefused
from keepwell.server.processes import migrate
from keepwell.server.supervisor import database

if TYPE_CHECKING:
    from keepwell.apps.access.actors import System


@dataclass(frozen=True)
class RunLine:
    """One run as a list shows it; `does`: its effects in words."""

    id: int
    decided_at: str
    rule: str
    status: str
    acted: int
    held_out: int
    does: str


def runs(data_dir: Path, *, rule: str = "", status: str = "", top: int = 20) -> list[RunLine]:
    """Newest first."""
    with database(data_dir):
        migrate()
        from keepwell.apps.rules import queries

        found = list(queries.runs(rule=rule, status=status)[:top])
        words = queries.effects_in_words(found)
        return [
            RunLine(one.pk, one.decided_at.strftime("%Y-%m-%d %H:%M"), one.rule, one.get_status_display(), one.acted,
                    one.held_out, words[one.pk])
            for one in found
        ]  # fmt: skip


def start(data_dir: Path, rule: str) -> None:
    """A worker decides the rule now. Raises RequestRefused where there is none, or where it is off."""
    with database(data_dir):
        migrate()
        from keepwell.apps.access.actors import NotVisible, System
        from keepwell.apps.rules import operations

        try:
            operations.run_now(actor=System("keepwell rule-runs", "command line"), rule=rule)
        except NotVisible:
            raise RequestRefused(f"there is no rule {rule!r} in force: Configure > Rules lists them") from None


def approve(data_dir: Path, run_id: int) -> str:
    """What is done now, in words."""
    with _opened(data_dir, run_id) as actor:
        from keepwell.apps.rules import operations, queries

        run = operations.approve(actor=actor, run_id=run_id)
        return queries.effects_in_words([run])[run.pk]


def reject(data_dir: Path, run_id: int, remark: str) -> None:
    with _opened(data_dir, run_id) as actor:
        from keepwell.apps.rules import operations

        operations.reject(actor=actor, run_id=run_id, remark=remark)


def retry(data_dir: Path, run_id: int) -> int:
    """How many effects are tried again."""
    with _opened(data_dir, run_id) as actor:
        from keepwell.apps.rules import operations

        return operations.try_again(actor=actor, run_id=run_id)


def undo(data_dir: Path, run_id: int) -> tuple[int, list[str]]:
    """How many effects were taken back, and why others stay."""
    with _opened(data_dir, run_id) as actor:
        from keepwell.apps.rules import operations

        found = operations.undo_run(actor=actor, run_id=run_id)
        return found.taken_back, [f"{one.account_id}, {one.kind}: {why}" for one, why in found.stays]


@contextmanager
def _opened(data_dir: Path, run_id: int) -> Iterator[System]:
    """Whoever acts here. Raises RequestRefused where there is no such run."""
    with database(data_dir):
        migrate()
        from keepwell.apps.access.actors import NotVisible, System

        try:
            yield System("keepwell rule-runs", "command line")
        except NotVisible:
            raise RequestRefused(f"there is no run {run_id}: `keepwell rule-runs list` shows them") from None
