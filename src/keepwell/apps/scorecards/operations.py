"""Writes of the editor: what was typed, parts that come and go, and what previews ask a worker to build."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.queries import files_at
from keepwell.apps.scorecards.backtests import key_of
from keepwell.apps.scorecards.editing import Conflict, edited
from keepwell.apps.scorecards.models import Built, Status
from keepwell.apps.scorecards.previewing import backtested, previewed
from keepwell.apps.scorecards.whatif import what_if
from keepwell.errors import RequestRefused


def save_card(
    *, actor: Actor, draft: Draft, card: str, typed: Mapping[str, str], revision: int
) -> tuple[Draft, tuple[Conflict, ...]]:
    """Saves what was typed on the page of `revision`, beside what others saved since; fields that both changed to
    different values stay as they are and come back as conflicts."""
    require(actor, Permission.CONFIGURE)
    seen = files_at(draft, revision)
    if seen is None:
        raise RequestRefused(f"revision {revision} of this draft is not kept any more; load the page again")
    conflicts: list[Conflict] = []

    def change(now: Files) -> Files:
        found = edited(seen, now, card, typed)
        conflicts.extend(found.conflicts)
        return found.files

    return change_draft(actor=actor, draft=draft, change=change), tuple(conflicts)


@transaction.atomic
def ask_for(*, actor: Actor, kind: str, key: str, files: Files) -> Built:
    """What a worker builds for a draft; asked for once, and again after it failed or what it made is gone."""
    from keepwell.apps.scorecards.jobs import build

    require(actor, Permission.CONFIGURE)
    built, is_new = Built.objects.select_for_update().get_or_create(
        kind=kind, key=key, defaults={"files": dict(files), "asked_by": actor.name}
    )
    if kind == "backtest":  # figures of a state that the draft has left, which nobody waits for any more
        Built.objects.filter(kind=kind, status=Status.WAITING, asked_by=actor.name).exclude(key=key).delete()
    is_gone = kind != "backtest" and built.status == Status.DONE
    if is_new or is_gone or built.status == Status.FAILED:
        built.status, built.error, built.done, built.total, built.step = Status.WAITING, "", 0, 0, ""
        built.attempts = 0
        built.save()
        build.defer(built_id=built.pk)
    return built


def ask_for_values(*, actor: Actor, draft: Draft) -> Built | None:
    """The values that the draft's effect rests on; None where nothing is missing, or a draft that is not valid."""
    require(actor, Permission.CONFIGURE)
    found = previewed(actor, draft).missing
    return ask_for(actor=actor, kind="values", key=found.key, files=draft.files) if found else None


def ask_for_backtest(*, actor: Actor, draft: Draft) -> Built | None:
    """The draft's figures; None where there can be none, which `backtested` says why."""
    require(actor, Permission.CONFIGURE)
    found = backtested(draft)
    if found.issues or found.why:
        return None
    return ask_for(actor=actor, kind="backtest", key=key_of(draft.files), files=draft.files)


def ask_for_past(*, actor: Actor, draft: Draft) -> Built | None:
    """The past that the draft's figures rest on; None where it is kept, or there can be none."""
    require(actor, Permission.CONFIGURE)
    found = what_if(draft)
    return ask_for(actor=actor, kind="past", key=found.key, files=draft.files) if found.key else None
