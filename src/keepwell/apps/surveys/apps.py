from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "keepwell.apps.surveys"
    label = "surveys"

    def ready(self) -> None:
        from keepwell.apps.surveys import comments, forgetting, ledgers, triggers
        from keepwell.apps.surveys.importing import models  # noqa: F401
        from keepwell.apps.surveys.sending import letters

        comments.register()
        forgetting.register()
        ledgers.register()
        letters.register()
        triggers.register()
