"""What a drafted rule would match, said in words where it cannot be known yet."""

from __future__ import annotations

import pytest

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.customers.models import Account
from keepwell.apps.rules.trying import planned, tried
from tests.apps.conftest import People
from tests.apps.rules.conftest import rule_files

RULES = """\
rules:
  busy: {when: logins_3d > 4, actions: [{log: {title: Busy}}]}
  calm: {when: logins_28d >= 0, actions: [{log: {title: Calm}}]}
"""


@pytest.mark.slow
def test_a_metric_that_no_run_has_read_is_named_with_what_to_do(company: Account, people: People) -> None:
    files = rule_files()
    new = "  logins_3d: {dataset: logins, aggregate: sum(count), window: 3 days}\n"
    project = project_of({**files, "metrics.yaml": files["metrics.yaml"] + new, "rules.yaml": RULES})
    manager = Person(people.manager)
    words = "no run has read the metric logins_3d yet: publish the draft"
    assert tried(manager, project, "busy").refused.startswith(words)
    found = planned(manager, project, ["busy", "calm"])
    assert found.refused["busy"].startswith(words)
    assert found.counts["calm"].matching == 6
    assert tried(manager, project, "calm").matching == 6
