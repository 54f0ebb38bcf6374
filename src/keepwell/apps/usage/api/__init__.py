"""Data that comes in, over the API: write keys and the quarantine."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.usage.api.quarantine import router as quarantine
from keepwell.apps.usage.api.write_keys import router as write_keys

router = Router()
for one in (write_keys, quarantine):
    router.add_router("", one)
