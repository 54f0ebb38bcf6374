"""What explains a score, where it stands among others, and how the page of an account is arranged, over the API."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.customer360.api.comparing import router as comparing
from keepwell.apps.customer360.api.explaining import router as explaining
from keepwell.apps.customer360.api.layouts import router as layouts
from keepwell.apps.customer360.api.records import router as records

router = Router()
for part in (explaining, comparing, layouts, records):
    router.add_router("", part)
