from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

SPEC = Spec(
    name="intercom",
    title="Intercom",
    about="Contacts and conversations that changed since last time, and all companies.",
    settings=(
        Setting("token", "Access token", secret=True),
        Setting("address", "Address", "https://api.eu.intercom.io and https://api.au.intercom.io are others.",
                default="https://api.intercom.io", required=False),
    ),
)  # fmt: skip
