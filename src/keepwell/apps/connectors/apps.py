from __future__ import annotations

from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "keepwell.apps.connectors"
    label = "connectors"

    def ready(self) -> None:
        """Imports are models of this app too, and write to the lake after their records."""
        from keepwell.apps.connectors.importing import models, writing  # noqa: F401
        from keepwell.apps.rest.streaming import streams_body

        writing.register()
        streams_body("/api/v1/imports")
