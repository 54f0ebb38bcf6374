from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

SPEC = Spec(
    name="hubspot",
    title="HubSpot",
    about="Companies, contacts, deals, tickets and your own objects, changes since last time.",
    settings=(
        Setting("token", "Access token", "Of a private app that may read the objects.", secret=True),
        Setting("properties", "Properties", "Names with commas between; the most used unless said here.",
                required=False, long=True),
        Setting("objects", "More objects", "Names of your own objects, with commas between.", required=False),
        Setting("address", "Address", default="https://api.hubapi.com", required=False),
    ),
    writes=True,
)  # fmt: skip
