"""Actions that change what lower apps own. Calls to action and playbooks are registered by the app that has them."""

from __future__ import annotations

from keepwell.apps.rules.actions import attributes, lists, scores, stages, timeline


def register() -> None:
    for module in (attributes, lists, scores, stages, timeline):
        module.register_performers()
