from __future__ import annotations

from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "keepwell.apps.rest"
    label = "rest"
