"""Mail and messages go out: every minute what is due, and at once what was just written."""

from __future__ import annotations

from django.conf import settings
from procrastinate import Blueprint

blueprint = Blueprint()
LANE = "deliveries"
"""The queue of calls to channels, which may take their time."""


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="send mail", queueing_lock="mail", lock="mail", pass_context=False)
def send_mail(timestamp: int = 0) -> None:
    """Empties the outbox; without a mail server everything waits. `timestamp`: of the schedule, not used."""
    from django.utils import timezone

    from keepwell.apps.notices.mailing import mail_what_is_due
    from keepwell.apps.notices.sending import send_waiting

    mail_what_is_due(timezone.now())
    environment = settings.ENVIRONMENT
    if environment.mail_url:
        send_waiting(environment.mail_url, environment.mail_from)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="send letters", queue="letters", queueing_lock="letters", lock="letters", pass_context=False)
def send_letters(timestamp: int = 0) -> None:
    """Letters to customers, as many as a minute may have."""
    from keepwell.apps.notices.letters import send_letters as send

    environment = settings.ENVIRONMENT
    if environment.mail_url:
        send(environment.mail_url, environment.mail_from, environment.mail_rate)


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="deliver", queue=LANE, queueing_lock="deliveries", lock="deliveries", pass_context=False)
def deliver(timestamp: int = 0) -> None:
    """Empties the queues of channels."""
    from keepwell.apps.notices.channels.delivering import deliver_what_is_due

    deliver_what_is_due()


@blueprint.periodic(cron="23 4 * * *")
@blueprint.task(name="forget deliveries", queueing_lock="forget deliveries", pass_context=False)
def forget(timestamp: int = 0) -> None:
    """What was sent or told long ago."""
    from keepwell.apps.notices.keeping import forget_old

    forget_old()
