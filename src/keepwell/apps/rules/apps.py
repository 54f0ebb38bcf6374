from __future__ import annotations

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "keepwell.apps.rules"
    label = "rules"

    def ready(self) -> None:
        from keepwell.apps.rules import actions, ledgers
        from keepwell.apps.rules.hearing import hear
        from keepwell.apps.rules.lifecycle.milestones import overdue_days, overdue_days_then
        from keepwell.apps.rules.replaying import models  # noqa: F401 - known to migrations
        from keepwell.apps.rules.standing.records import register_count
        from keepwell.apps.usage.draining.listening import register_listener

        actions.register()
        ledgers.register()
        register_listener(hear)
        register_count("days_overdue_milestone", overdue_days, overdue_days_then)
