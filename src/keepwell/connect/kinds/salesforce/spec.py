from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

SPEC = Spec(
    name="salesforce",
    title="Salesforce",
    about="Objects by SOQL, changes since last time, deleted ones included.",
    settings=(
        Setting("address", "Address", "Your domain, such as https://company.my.salesforce.com"),
        Setting("client_id", "Consumer key", "Of a connected app with the client credentials flow."),
        Setting("client_secret", "Consumer secret", secret=True),
        Setting("objects", "More objects", "Names with commas between, such as Invoice__c.", required=False),
        Setting("version", "Version of the API", default="v62.0", required=False),
    ),
    writes=True,
)
