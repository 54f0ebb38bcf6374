"""start_rule: another rule looks at the account, once this effect is done."""

from __future__ import annotations

from typing import Any

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register
from keepwell.errors import RequestRefused


def register_performers() -> None:
    register("start_rule", Performer(_start, _back, "starts", "rule"))


def _start(effect: Effect) -> dict[str, Any]:
    from keepwell.apps.rules.jobs import chain

    rule, project = effect.parameters["rule"], current_project()
    if project is None or rule not in project.rules:
        raise RequestRefused(f"there is no rule '{rule}' any more")
    chain.defer(rule=rule, account_id=effect.account_id, effect_id=effect.pk)
    return {}


def _back(effect: Effect) -> str:
    return f"what {effect.parameters['rule']} did is a run of its own: undo that one"
