"""Actions that change what lower apps own. Calls to action and playbooks are registered by the app that has them."""

from __future__ import annotations

from keepwell.apps.rules.actions import attributes, chains, lists, notify, scores, stages, timeline, webhook


def register() -> None:
    for module in (attributes, chains, lists, notify, scores, stages, timeline, webhook):
        module.register_performers()
