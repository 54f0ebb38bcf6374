"""Connectors over the API."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.connectors.api import connections, exports, syncs

router = Router(tags=["Connectors"])
for part in (connections.router, syncs.router, exports.router):
    router.add_router("", part)
