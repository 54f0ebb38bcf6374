from __future__ import annotations

from django.apps import AppConfig


class AdvocacyConfig(AppConfig):
    name = "keepwell.apps.advocacy"
    label = "advocacy"

    def ready(self) -> None:
        from keepwell.apps.advocacy import following, forgetting, ledgers, performing

        following.register()
        forgetting.register()
        ledgers.register()
        performing.register_performers()
