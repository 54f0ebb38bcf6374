"""Reads of schedules: they are for who set them up, who gets them, and who administers."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.dashboards.sending.models import MailedDashboard, Schedule


def schedules_of(actor: Actor, *, ended: bool = False) -> QuerySet[Schedule]:
    """The next to be sent first."""
    found = Schedule.objects.select_related("owner").prefetch_related("recipients")
    if not actor.may(Permission.ADMINISTER):
        mine = Q(owner=actor.user) | Q(
            pk__in=Schedule.recipients.through.objects.filter(user=actor.user).values("schedule")
        )
        found = found.filter(mine)
    return (found if ended else found.filter(ended_at=None)).order_by("next_at", "pk")


def schedule_for(actor: Actor, schedule_id: int) -> Schedule:
    """Raises NotVisible."""
    found = schedules_of(actor, ended=True).filter(pk=schedule_id).first()
    if found is None:
        raise NotVisible
    return found


def may_change(actor: Actor, schedule: Schedule) -> bool:
    """Its owner, and who administers."""
    return (actor.user is not None and schedule.owner_id == actor.user.pk) or actor.may(Permission.ADMINISTER)


def letters_of(schedule: Schedule) -> QuerySet[MailedDashboard]:
    """What became of each letter, the newest first."""
    return schedule.letters.select_related("user").order_by("-moment", "user__name", "pk")


def colleagues() -> list[User]:
    """Everybody who can get mail, by name."""
    return list(User.objects.filter(is_active=True).exclude(email="").order_by("name", "email", "pk"))
