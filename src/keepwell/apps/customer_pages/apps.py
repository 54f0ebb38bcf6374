from __future__ import annotations

from django.apps import AppConfig


class CustomerPagesConfig(AppConfig):
    name = "keepwell.apps.customer_pages"
    label = "customer_pages"

    def ready(self) -> None:
        from keepwell.apps.customer_pages import forgetting, letters

        forgetting.register()
        letters.register()
