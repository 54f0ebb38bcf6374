"""Rules published over the small company, and scores that change."""

from __future__ import annotations

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from tests.apps.rules.conftest import rule_files

CALM = """
rules:
  watch_red:
    title: Watch customers in red
    when: label = 'red'
    actions:
      - add_to_list: {list: Watch}
      - log: {title: "{account.name} is {label}", text: "The score is {score}"}
    until: {when: label <> 'red', actions: [{remove_from_list: {list: Watch}}]}
"""


def publish_rules(text: str, note: str = "rules") -> None:
    publish(actor=System("test"), files={**rule_files(), "rules.yaml": text}, note=note)
