"""Rules over the API: what is in force, what they would do, what they did, and what people decide about it."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.rules.api.drafts import router as drafts
from keepwell.apps.rules.api.rules import router as rules
from keepwell.apps.rules.api.runs import router as runs
from keepwell.apps.rules.lifecycle.api import router as lifecycle

router = Router()
for part in (rules, runs, drafts, lifecycle):
    router.add_router("", part)
