"""Customers over the API: accounts, relationships, people, segments, stages, lists, saved views."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.customers.api.accounts import router as accounts
from keepwell.apps.customers.api.details import router as details
from keepwell.apps.customers.api.lists import router as lists
from keepwell.apps.customers.api.people import router as people
from keepwell.apps.customers.api.source_ids import router as source_ids
from keepwell.apps.customers.api.upserts import router as upserts

router = Router()
for one in (upserts, accounts, details, people, lists, source_ids):
    router.add_router("", one)
