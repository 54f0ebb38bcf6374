"""Mail goes out: every minute what is due, and at once what was just written."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from procrastinate import Blueprint
from procrastinate.exceptions import AlreadyEnqueued

blueprint = Blueprint()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="send mail", queueing_lock="mail", lock="mail", pass_context=False)
def send_mail(timestamp: int = 0) -> None:
    """Empties the outbox; without a mail server everything waits. `timestamp`: of the schedule, not used."""
    from keepwell.apps.notices.sending import send_waiting

    environment = settings.ENVIRONMENT
    if environment.mail_url:
        send_waiting(environment.mail_url, environment.mail_from)


def ask_to_send() -> None:
    """After a commit: one job is enough, however many messages wait."""
    with suppress(AlreadyEnqueued):
        send_mail.configure().defer(timestamp=0)
