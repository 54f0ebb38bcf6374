from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "keepwell.apps.customers"
    label = "customers"

    def ready(self) -> None:
        """What can be written to the lake, what moves with an account that is merged, and who is
        told of which."""
        from keepwell.apps.customers import facts, following, identity, sight

        facts.register()
        identity.register()
        following.register()
        sight.register()
