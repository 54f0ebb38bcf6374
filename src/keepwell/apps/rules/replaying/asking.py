"""Replays are asked for once, and again where they failed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.projects import Files, project_of
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.replaying.models import ReplayStatus, RuleReplay
from keepwell.definitions.versions import Versions

_KEPT = timedelta(days=30)


def replay_of(files: Files, rule: str) -> RuleReplay | None:
    """What was asked for already. The files must be valid and have the rule."""
    return RuleReplay.objects.filter(key=_key(files, rule)).first()


@transaction.atomic
def ask_for_replay(*, actor: Actor, files: Files, rule: str) -> RuleReplay:
    """A worker replays it; figures that nobody looked at for a month go."""
    from keepwell.apps.rules.replaying.jobs import replay

    require(actor, Permission.CONFIGURE)
    RuleReplay.objects.filter(asked_at__lt=timezone.now() - _KEPT).delete()
    one, is_new = RuleReplay.objects.select_for_update().get_or_create(
        key=_key(files, rule), defaults={"rule": rule, "files": dict(files), "asked_by": actor.name}
    )
    RuleReplay.objects.filter(status=ReplayStatus.WAITING, asked_by=actor.name).exclude(pk=one.pk).delete()
    if is_new or one.status == ReplayStatus.FAILED:
        one.status, one.error, one.done, one.total = ReplayStatus.WAITING, "", 0, 0
        one.save()
        replay.defer(replay_id=one.pk)
    return one


def _key(files: Files, rule: str) -> str:
    run = latest_run()
    return f"{Versions(project_of(files)).of('rules', rule)}-{run.pk if run else 0}"
