from __future__ import annotations

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "keepwell.apps.cockpit"
    label = "cockpit"

    def ready(self) -> None:
        from keepwell.apps.cockpit import following, performing
        from keepwell.apps.cockpit.counting import open_calls_of
        from keepwell.apps.cockpit.stages import begin_stage
        from keepwell.apps.rules.lifecycle.entering import register_entered
        from keepwell.apps.rules.standing.records import register_count

        following.register()
        performing.register_performers()
        register_count("open_calls", open_calls_of)
        register_entered(begin_stage)
