from __future__ import annotations

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "keepwell.apps.health"
    label = "health"

    def ready(self) -> None:
        from keepwell.apps.health import following

        following.register()
