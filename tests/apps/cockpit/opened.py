"""Calls to action for tests, and the playbooks they go by."""

from __future__ import annotations

from keepwell.apps.access.actors import Person, System
from keepwell.apps.access.models import User
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.opening import Wanted, open_call
from keepwell.apps.configuration.operations import publish
from tests.apps.scored import FILES

PLAYBOOKS = """\
playbooks:
  save_plan:
    title: Save plan
    help: For a customer that turned red
    for: risk
    tasks:
      - name: call_sponsor
        title: Call the sponsor
        after: 2 business days
        email: {subject: "How {account.name} is doing", text: "Dear {contact.name}, may I call you? {owner.name}"}
        attachments: [https://wiki.example/save-plan]
      - {name: join, title: The manager joins, after: {task: call_sponsor, days: 3}, owner: manager,
         needs: [call_sponsor]}
      - {name: note, title: Write down what was learned, required: false}
  rescue:
    tasks: [{name: begin, title: Begin anew}]
"""


def publish_playbooks(text: str = PLAYBOOKS) -> None:
    publish(actor=System("tests"), files={**FILES, "playbooks.yaml": text}, note="Playbooks")


def opened(by: User, account: str = "acme", **said: object) -> CallToAction:
    """A risk that somebody opened by hand."""
    wanted = {"type": "risk", "title": "Win back the sponsor", "reason_words": "Champion left", **said}
    return open_call(actor=Person(by), account_id=account, wanted=Wanted(**wanted)).call  # type: ignore[arg-type]
