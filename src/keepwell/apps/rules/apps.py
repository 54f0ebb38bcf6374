from __future__ import annotations

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "keepwell.apps.rules"
    label = "rules"

    def ready(self) -> None:
        from keepwell.apps.rules import actions

        actions.register()
