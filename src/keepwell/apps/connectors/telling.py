"""News of syncs and exports, for admins and whoever made them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Role
from keepwell.apps.connectors.gone import users_of
from keepwell.apps.connectors.models import Export, Sending, Status, Sync, SyncRun
from keepwell.apps.notices.operations import notify

_KIND = "connectors"


def tell_of_failure(run: SyncRun) -> None:
    """Once for each run that failed or is held."""
    words = "was held back" if run.status == Status.HELD else "failed"
    text = f"Sync {run.sync.name} {words}: {run.error}"
    _tell(run.sync.author_id, text, f"connectors.run.{run.pk}", f"/configure/sync-runs/{run.pk}/")


def tell_of_drift(run: SyncRun) -> None:
    """New, gone and retyped columns of a source, and what rests on them."""
    words = ", ".join(f"'{one['column']}' is {_WHAT[one['what']]}" for one in run.drift[:5])
    more = f" and {len(run.drift) - 5} more" if len(run.drift) > 5 else ""
    used = [user for one in run.drift if one["into"] and one["what"] != "new"
            for user in users_of(run.sync.dataset, one["into"])]  # fmt: skip
    rests = f" Resting on it: {', '.join(dict.fromkeys(used))}." if used else ""
    text = f"The source of sync {run.sync.name} changed: {words}{more}.{rests}"
    _tell(run.sync.author_id, text, f"connectors.drift.{run.pk}", f"/configure/sync-runs/{run.pk}/")


def tell_of_late(sync: Sync, due_by: datetime) -> None:
    """Once for each time that data became late."""
    since = f"since {sync.loaded_at:%Y-%m-%d %H:%M} UTC" if sync.loaded_at else "at all"
    text = f"The dataset {sync.dataset} is late: sync {sync.name} has loaded nothing {since}"
    key = f"connectors.late.{sync.pk}.{due_by:%Y%m%d%H%M}"
    _tell(sync.author_id, text, key, f"/configure/syncs/{sync.name}/")


def tell_of_sending(export: Export, sending: Sending) -> None:
    text = f"Write-back {export.name} failed: {sending.error}"
    _tell(export.author_id, text, f"connectors.sending.{sending.pk}", f"/configure/write-back/{export.name}/")


_WHAT = {"new": "new", "gone": "gone", "retyped": "of another type"}


def _tell(author: int | None, text: str, key: str, link: str) -> None:
    for user in User.objects.filter(Q(role=Role.ADMIN) | Q(pk=author), is_active=True):
        notify(user=user, text=text, kind=_KIND, key=key, link=link)
