"""Definitions that come from elsewhere, and what drafts would do, over the API."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.scorecards.api.definitions import router as definitions
from keepwell.apps.scorecards.api.previews import router as previews

router = Router()
for part in (definitions, previews):
    router.add_router("", part)
