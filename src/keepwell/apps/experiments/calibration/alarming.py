"""Do the chances in force still hold? Asked each month; whoever configures hears once of a month where they do not."""

from __future__ import annotations

from datetime import date, timedelta

from keepwell.apps.access.actors import System
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import PERMISSIONS, Permission
from keepwell.apps.experiments.kinds.kind import Found
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.health.in_force import chances_in_force, lapsed_chances
from keepwell.apps.health.models import LossChances
from keepwell.apps.notices.operations import Alert, Importance, tell
from keepwell.errors import InputError

_CHECK = System("the monthly look at chances")


def look_at_last_month(today: date) -> Experiment | None:
    """Asks about outcomes up to the end of the month before; None where there are no chances, or it was asked.

    Where a publication has left none in force, whoever configures hears of it once.
    """
    from keepwell.apps.experiments.calibration.asking import ask_whether_they_hold

    chances = chances_in_force()
    last = today.replace(day=1) - timedelta(days=1)
    if chances is None:
        _tell_that_they_lapsed(lapsed_chances())
        return None
    if last <= date.fromisoformat(chances.asked["last"]):
        return None
    try:
        return ask_whether_they_hold(actor=_CHECK, chances=chances, last=last)
    except InputError:  # definitions that cannot be asked any more: their page says so
        return None


def alarm_if_they_do_not_hold(experiment: Experiment, found: Found) -> None:
    """One notice a version and month, to everybody who configures."""
    held = found["held"]
    if not held["is_alarm"]:
        return
    drift = held["drift"]
    month = (drift["together"] or next(one for one in reversed(drift["months"]) if one["is_alarm"]))["month"]
    alert = Alert(
        key=f"chances:{experiment.of['reference']}:{month}", kind="learning",
        title=f"Chances of loss of {experiment.of['name']} do not hold any more", text=held["said"],
        link=f"/learning/{experiment.pk}/", importance=Importance.HIGH,
    )  # fmt: skip
    tell([(alert, user) for user in _configurators()])


def _tell_that_they_lapsed(before: LossChances | None) -> None:
    if before is None:
        return
    alert = Alert(
        key=f"chances:lapsed:{before.version_number}:{before.learned_at:%Y-%m-%d}", kind="learning",
        title="No chances of loss are in force any more", link="/learning/calibration/", importance=Importance.HIGH,
        text=f"They were learned for version {before.version_number}, and scorecards, segments or outcomes have "
        "changed since. Revenue at risk is not shown until they are learned anew.",
    )  # fmt: skip
    tell([(alert, user) for user in _configurators()])


def _configurators() -> list[User]:
    roles = [str(role) for role, may in PERMISSIONS.items() if Permission.CONFIGURE in may]
    return list(User.objects.filter(role__in=roles, is_active=True))
