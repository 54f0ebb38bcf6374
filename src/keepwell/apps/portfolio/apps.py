from __future__ import annotations

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "keepwell.apps.portfolio"
    label = "portfolio"
