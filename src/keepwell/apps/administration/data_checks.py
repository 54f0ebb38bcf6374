"""How the data is: whether it comes in time, and whether definitions name columns that it has."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from keepwell.apps.connectors.models import Export, Status
from keepwell.apps.connectors.queries import columns_gone, late_syncs
from keepwell.apps.notices.channels.queries import waiting
from keepwell.apps.surveys.sending.standing import Standing, standing

_SHOWN = 3


@dataclass(frozen=True)
class Found:
    """`says` and `todo` as of a check."""

    part: str
    says: str
    todo: str = ""


def syncs() -> Found:
    """Datasets that are filled from elsewhere and are older than they may be."""
    late = [f"{one.dataset} by {one.name}" for one in late_syncs()]
    if not late:
        return Found("Connectors", "every dataset is fresh")
    return Found("Connectors", f"late: {_some(late)}", "Look at the runs of these syncs under Connectors")


def columns() -> Found:
    """Definitions that name a column which is not there, or not any more."""
    gone = [str(one) for one in columns_gone()]
    if not gone:
        return Found("Columns", "every column that definitions name is there")
    return Found("Columns", _some(gone), "Change the definitions in a draft, or map another column under Connectors")


def write_back() -> Found:
    """Write-backs whose last sending failed."""
    last = ((one, one.sendings.order_by("-pk").first()) for one in Export.objects.order_by("name"))
    failed = [one.name for one, sending in last if sending is not None and sending.status == Status.FAILED]
    if not failed:
        return Found("Write-back", "nothing failed")
    return Found("Write-back", f"failed: {_some(failed)}", "Look at what the other side said, then send it again")


def channels() -> Found:
    """Messages to Slack and webhooks that were given up."""
    found = waiting()
    says = f"{found.waiting} waiting, {found.dead} given up" + (
        f"; last: {found.last_error}" if found.last_error else ""
    )
    return Found("Channels", says, "Mend what it says, then send them again under Channels" if found.dead else "")


def _some(words: list[str]) -> str:
    more = f"; and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return "; ".join(words[:_SHOWN]) + more


def letters() -> Found:
    """Letters of surveys that wait or were given up, and sends that failed."""
    found = standing(timezone.now())
    counts = f"{found.waiting:,} waiting, {found.given_up:,} given up, {found.refused:,} refused by their address"
    said = [counts, *([f"last: {found.error}"] if found.error else []), *found.failed_sends]
    return Found("Letters to customers", "; ".join(said), _todo(found))


def _todo(found: Standing) -> str:
    if found.waiting and not settings.ENVIRONMENT.mail_url:
        return "Name a mail server in KEEPWELL_MAIL_URL; until then they wait, and are written when they leave"
    if found.given_up:
        return "Mend what the server says, then send them again below"
    if found.stuck and found.error:
        return "Mend what the server says: they leave by themselves when it is back, and lose none of their tries"
    if found.stuck:
        return "None has left for ten minutes: see whether `keepwell worker` runs, and what its log says"
    return "Mend what the failed send says, then send the survey again on its page" if found.failed_sends else ""
