"""Signing in to Salesforce; its answers say at which host an organisation lives."""

from __future__ import annotations

from keepwell.connect.outgoing import Outgoing
from keepwell.connect.signing_in import ClientCredentials
from keepwell.connect.spec import Settings


def sign_in(settings: Settings, session: Outgoing) -> None:
    tokens = f"{settings['address'].rstrip('/')}/services/oauth2/token"
    session.auth = ClientCredentials(session, tokens, settings["client_id"], settings["client_secret"])


def address(settings: Settings, session: Outgoing) -> str:
    assert isinstance(session.auth, ClientCredentials)
    if not session.auth.answer:
        session.auth.renew()
    host = session.auth.answer.get("instance_url") or settings["address"]
    return f"{host.rstrip('/')}/services/data/{settings['version'] or 'v62.0'}"
