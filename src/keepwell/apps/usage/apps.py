from __future__ import annotations

from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "keepwell.apps.usage"
    label = "usage"

    def ready(self) -> None:
        from keepwell.apps.usage import forgetting, joining, naming

        forgetting.register()
        joining.register()
        naming.register()
