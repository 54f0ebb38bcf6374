"""Advocacy over the API: advocates, activities, requests, who can do it, and what came of it."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.advocacy.api.activities import router as activities
from keepwell.apps.advocacy.api.advocates import router as advocates
from keepwell.apps.advocacy.api.overviews import router as overviews
from keepwell.apps.advocacy.api.requests import router as requests

router = Router(tags=["Advocacy"])
for part in (overviews, advocates, activities, requests):
    router.add_router("", part)
