from __future__ import annotations

from django.apps import AppConfig


class Customer360Config(AppConfig):
    name = "keepwell.apps.customer360"
    label = "customer360"
