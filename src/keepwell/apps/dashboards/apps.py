from __future__ import annotations

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "keepwell.apps.dashboards"
    label = "dashboards"

    def ready(self) -> None:
        from keepwell.apps.dashboards.boards.keeping import boards_shown, of_draft
        from keepwell.apps.dashboards.catalogue import register_keeper, register_opener

        register_keeper(boards_shown)
        register_opener(of_draft)
