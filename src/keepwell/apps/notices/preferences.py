"""How people want to be told: what they chose, and what is usual where they chose nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.notices.kinds import Way, kind_of, kinds_for
from keepwell.apps.notices.models import AlertSettings, MailedAlert
from keepwell.apps.notices.registering import usual_zone
from keepwell.apps.notices.timing import Digest, Rhythm, digest_is_quiet, goes_out
from keepwell.errors import FieldRefused

DIGESTS: tuple[Digest, ...] = ("at_once", "daily", "weekly")
_CALENDAR = "calendar"
_KEPT = ("digest", "digest_at", "digest_weekday", "quiet_from", "quiet_until", "quiet_weekends")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Preferences:
    """`ways`: of the kinds for which the person chose one. `time_zone`: also that of their calendar; empty for the
    project's."""

    ways: Mapping[str, Way] = field(default_factory=dict)
    digest: Digest = "at_once"
    digest_at: time = time(8)
    digest_weekday: int = 0
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_weekends: bool = False
    time_zone: str = ""

    def way(self, kind: str) -> Way:
        found = kind_of(kind)
        return self.ways.get(found.name, found.usual)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(
            ZoneInfo(self.time_zone or usual_zone()), self.digest, self.digest_at, self.digest_weekday,
            self.quiet_from, self.quiet_until, self.quiet_weekends,
        )  # fmt: skip


def preferences_of(people: Collection[User]) -> dict[int, Preferences]:
    """By the id of the person."""
    kept = {one.user_id: one for one in AlertSettings.objects.filter(user__in=[user.pk for user in people])}
    return {user.pk: _of(kept.get(user.pk), _zone_of(user)) for user in people}


@transaction.atomic
def choose(*, actor: Person, wanted: Preferences) -> Preferences:
    """What waits to be mailed waits for the new time. Raises FieldRefused."""
    _refuse(actor.user, wanted)
    fields = {**asdict(wanted), "ways": {name: str(way) for name, way in wanted.ways.items()}}
    _keep_zone(actor.user, fields.pop("time_zone"))
    AlertSettings.objects.update_or_create(user=actor.user, defaults=fields)
    waiting = MailedAlert.objects.filter(user=actor.user, ended_at=None)
    waiting.update(due_at=goes_out(wanted.rhythm, timezone.now()))
    return wanted


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Every time zone that can be chosen."""
    return tuple(sorted(one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "posix"))))


def _refuse(user: User, wanted: Preferences) -> None:
    for name, way in wanted.ways.items():
        _refuse_way(user, name, way)
    if wanted.digest not in DIGESTS:
        raise FieldRefused("digest", f"'{wanted.digest}' is no digest: say at_once, daily or weekly")
    if not 0 <= wanted.digest_weekday < len(WEEKDAYS):
        raise FieldRefused("digest_weekday", "a day of the week is a number from 0 (Monday) to 6 (Sunday)")
    if wanted.time_zone and wanted.time_zone not in available_timezones():
        raise FieldRefused("time_zone", f"'{wanted.time_zone}' is no time zone: give one such as Europe/Berlin")
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        missing = "quiet_from" if wanted.quiet_from is None else "quiet_until"
        raise FieldRefused(missing, "quiet hours have a beginning and an end: give both, or neither")
    if wanted.quiet_from is not None and wanted.quiet_from == wanted.quiet_until:
        raise FieldRefused("quiet_until", "quiet hours end at another time than they begin; leave both empty for none")
    if digest_is_quiet(wanted.rhythm):
        raise FieldRefused("digest_at", f"{wanted.digest_at:%H:%M} lies in your quiet hours: choose another time")
    if wanted.digest == "weekly" and wanted.quiet_weekends and wanted.digest_weekday >= 5:
        raise FieldRefused("digest_weekday", "weekends are quiet: choose a day from Monday to Friday")


def _refuse_way(user: User, name: str, way: str) -> None:
    known = {kind.name: kind for kind in kinds_for(administers=user.may(Permission.ADMINISTER))}
    if name not in known:
        raise FieldRefused("ways", f"'{name}' is no kind of alert: give {', '.join(known)}")
    if way not in known[name].ways:
        raise FieldRefused("ways", f"'{name}' takes {', '.join(known[name].ways)}, not '{way}'")


def _of(kept: AlertSettings | None, zone: str) -> Preferences:
    if kept is None:
        return Preferences(time_zone=zone)
    ways = {name: Way(way) for name, way in kept.ways.items() if way in set(Way)}
    return Preferences(ways, **{name: getattr(kept, name) for name in _KEPT}, time_zone=zone)


def _zone_of(user: User) -> str:
    """A person has one time zone, with their calendar."""
    return str(user.preferences.get(_CALENDAR, {}).get("zone", ""))


def _keep_zone(user: User, zone: str) -> None:
    held = User.objects.select_for_update().get(pk=user.pk)
    calendar = {name: value for name, value in held.preferences.get(_CALENDAR, {}).items() if name != "zone"}
    held.preferences = {**held.preferences, _CALENDAR: {**calendar, **({"zone": zone} if zone else {})}}
    held.save(update_fields=["preferences"])
    user.preferences = held.preferences
