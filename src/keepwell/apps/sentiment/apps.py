from __future__ import annotations

from django.apps import AppConfig


class SentimentConfig(AppConfig):
    name = "keepwell.apps.sentiment"
    label = "sentiment"

    def ready(self) -> None:
        from keepwell.apps.sentiment import entries, following, ledgers

        entries.register()
        following.register()
        ledgers.register()
