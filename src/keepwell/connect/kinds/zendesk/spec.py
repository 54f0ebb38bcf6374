from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

SPEC = Spec(
    name="zendesk",
    title="Zendesk",
    about="Tickets and users by the incremental export, organizations and satisfaction ratings.",
    settings=(
        Setting("address", "Address", "Such as https://company.zendesk.com"),
        Setting("email", "Address of the user", "An admin: the incremental export is for admins."),
        Setting("token", "API token", secret=True),
    ),
)
