from __future__ import annotations

from keepwell.connect.spec import Setting, Spec

SPEC = Spec(
    name="stripe",
    title="Stripe",
    about="Customers, subscriptions, invoices, charges, refunds, disputes, and events of the last 30 days.",
    settings=(
        Setting("key", "Restricted key", "One that may read only is best.", secret=True),
        Setting("address", "Address", default="https://api.stripe.com", required=False),
    ),
)
