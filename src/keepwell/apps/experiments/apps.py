from __future__ import annotations

from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    name = "keepwell.apps.experiments"
    label = "experiments"
