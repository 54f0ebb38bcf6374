from __future__ import annotations

from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "keepwell.apps.connectors"
    label = "connectors"
