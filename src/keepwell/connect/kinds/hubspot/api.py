"""Signing in to HubSpot."""

from __future__ import annotations

from keepwell.connect.outgoing import Outgoing
from keepwell.connect.signing_in import bearer
from keepwell.connect.spec import Settings


def sign_in(settings: Settings, session: Outgoing) -> None:
    bearer(session, settings["token"])


def address(settings: Settings, session: Outgoing) -> str:
    return f"{(settings['address'] or 'https://api.hubapi.com').rstrip('/')}/crm/v3"
