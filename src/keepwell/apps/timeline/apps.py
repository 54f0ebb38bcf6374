from __future__ import annotations

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "keepwell.apps.timeline"
    label = "timeline"

    def ready(self) -> None:
        from keepwell.apps.timeline import following

        following.register()
