from __future__ import annotations

from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "keepwell.apps.adoption"
    label = "adoption"
