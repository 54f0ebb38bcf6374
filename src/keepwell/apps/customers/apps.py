from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "keepwell.apps.customers"
    label = "customers"

    def ready(self) -> None:
        """What can be written to the lake, and what moves with an account that is merged."""
        from keepwell.apps.customers import facts, following, identity

        facts.register()
        identity.register()
        following.register()
