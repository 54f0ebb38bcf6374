from __future__ import annotations

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "keepwell.apps.cockpit"
    label = "cockpit"

    def ready(self) -> None:
        from keepwell.apps.cockpit import following, ledgers, listening, performing

        following.register()
        ledgers.register()
        performing.register_performers()
        listening.register()
