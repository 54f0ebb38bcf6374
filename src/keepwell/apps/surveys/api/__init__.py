"""Surveys over the API: whom they ask, sends, links, and who is not asked any more."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.surveys.api.asking import router as asking
from keepwell.apps.surveys.api.refusals import router as refusals
from keepwell.apps.surveys.results.api import router as results

router = Router()
for part in (results, asking, refusals):
    router.add_router("", part)
