from __future__ import annotations

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "keepwell.apps.dashboards"
    label = "dashboards"

    def ready(self) -> None:
        from keepwell.apps.dashboards.boards.keeping import boards_shown, of_draft
        from keepwell.apps.dashboards.catalogue import register_keeper, register_opener
        from keepwell.apps.dashboards.embedding import models as embedding  # noqa: F401
        from keepwell.apps.dashboards.sending import composing
        from keepwell.apps.dashboards.sending import models as sending  # noqa: F401

        composing.register()
        register_keeper(boards_shown)
        register_opener(of_draft)
