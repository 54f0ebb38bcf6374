from __future__ import annotations

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    name = "keepwell.apps.configuration"
    label = "configuration"
