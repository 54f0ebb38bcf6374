"""The cockpit over the API: calls, their tasks, what is said of them, many at once, plans, playbooks."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.cockpit.api.calls import router as calls
from keepwell.apps.cockpit.api.many import router as many
from keepwell.apps.cockpit.api.overviews import router as overviews
from keepwell.apps.cockpit.api.plans import router as plans
from keepwell.apps.cockpit.api.talking import router as talking
from keepwell.apps.cockpit.api.tasks import router as tasks

router = Router(tags=["Cockpit"])
for part in (calls, tasks, talking, many, plans, overviews):
    router.add_router("", part)
