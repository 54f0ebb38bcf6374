from __future__ import annotations

from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "keepwell.apps.scorecards"
    label = "scorecards"
