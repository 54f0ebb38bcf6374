"""Rules that cannot be decided stop, say so, and alarm once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Role
from keepwell.apps.notices.operations import notify
from keepwell.apps.rules.models import Stopped

_TOLD = (Role.MANAGER, Role.ADMIN)


def note_refused(asked: Collection[str], refused: Mapping[str, str]) -> None:
    """`asked`: the rules that were looked at; of these, whoever is refused stops and the others go on again."""
    Stopped.objects.filter(rule__in=[name for name in asked if name not in refused]).delete()
    for rule, reason in refused.items():
        stopped, is_new = Stopped.objects.get_or_create(rule=rule, defaults={"reason": reason})
        if is_new:
            _tell(stopped)
        elif stopped.reason != reason:
            stopped.reason = reason
            stopped.save(update_fields=["reason"])


def _tell(stopped: Stopped) -> None:
    key = f"rule-stopped:{stopped.rule}:{stopped.since.isoformat()}"
    text = f"The rule {stopped.rule} stopped: {stopped.reason}"
    for user in User.objects.filter(role__in=_TOLD, is_active=True):
        notify(user=user, text=text, kind="rule_stopped", key=key, link=f"/configure/rules/{stopped.rule}/")
