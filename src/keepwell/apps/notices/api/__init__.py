"""Alerts over the API: what one was told, how one wants to be told, channels and what is delivered to them."""

from __future__ import annotations

from ninja import Router

from keepwell.apps.notices.api import channels, notices, settings

router = Router()
router.add_router("", notices.router)
router.add_router("", settings.router)
router.add_router("", channels.router)
