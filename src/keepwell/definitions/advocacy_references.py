"""Checks of advocacy: rules that find candidates name what is there."""

from __future__ import annotations

from keepwell.definitions.advocacy import activities_of
from keepwell.definitions.advocacy_names import ACCOUNTS, PEOPLE, candidate_rules
from keepwell.definitions.conditions import Names, check_account_expression
from keepwell.definitions.expressions import names_in
from keepwell.definitions.issues import Issues
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import SCORES, dotted_names


def check_advocacy(project: Project, names: Names, issues: Issues) -> None:
    """Adds an issue for each name that is not there, or that has two meanings."""
    dotted = dotted_names(project)
    for path, _, expression, _ in candidate_rules(project):
        if not project.all_with_role("accounts"):
            issues.add(path, "candidates are found at accounts, and no dataset has role accounts; add one")
        check_account_expression(path, expression, names, issues, dotted)
        own = {*ACCOUNTS, *(PEOPLE if path[-1] == "people" else ())}
        for name in (one.dotted for one in names_in(expression)):
            if name in own and name in names["metrics"]:
                issues.add(path, f"'{name}' is also a metric; here it is a name of its own: rename the metric")
            if (name in SCORES or name == "health") and not names["scorecards"]:
                issues.add(path, f"'{name}' rests on scores, and no scorecard is defined")
    kinds = {*activities_of(project), *names["advocacy_activities"]}
    for name, rule in project.advocacy_candidates.items():
        for index, kind in enumerate(rule.suggests):
            if kind not in kinds:
                issues.add(("advocacy_candidates", name, "suggests", index), unknown("kind of activity", kind, kinds))
