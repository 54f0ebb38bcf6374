"""What expressions over advocates and candidates may name, beside all that rules know of accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keepwell.definitions.expressions import Expression, ValueType
from keepwell.definitions.issues import Path
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import Known, types_of

_N, _T, _B = ValueType.NUMBER, ValueType.TEXT, ValueType.BOOLEAN

ACCOUNTS: Mapping[str, Known] = {
    "health": Known(_T, "`good`, `middle` or `bad`: how its band counts; null without a score"),
    "tenure_days": Known(_N, "Days since the account began"),
}
"""Names of accounts."""

PEOPLE: Mapping[str, Known] = {
    "role": Known(_T, "The role of the person; null where none is known"),
    "is_sponsor": Known(_B, "Whether the person is a sponsor"),
    "is_advocate": Known(_B, "Whether the person or the whole account is an advocate"),
    "status": Known(_T, "`active`, `resting` or `declined`; null for somebody who is no advocate"),
    "nps": Known(_N, "What the person answered last to a question of kind nps, from 0 to 10; null without an answer"),
    "activities": Known(_N, "How many activities of the person are logged"),
    "points": Known(_N, "What they are worth today"),
    "asked_days": Known(_N, "Days since the person was last asked for anything; null if never"),
    "willing": Known(_T, "The kinds of activity that the person is willing to do, with a space between; null if any"),
    "languages": Known(_T, "The languages that the person speaks, lower case with a space between"),
    "topics": Known(_T, "The topics that the person can speak about, lower case with a comma between"),
}
"""Names of people."""


def account_types(project: Project) -> dict[str, ValueType]:
    """The types of all names of accounts that are known without data."""
    return types_of(project) | {name: known.type for name, known in ACCOUNTS.items()}


def people_types(project: Project) -> dict[str, ValueType]:
    """The same with those of people, which come first."""
    return account_types(project) | {name: known.type for name, known in PEOPLE.items()}


def candidate_rules(project: Project) -> Iterator[tuple[Path, str, Expression, dict[str, ValueType]]]:
    """Each expression of rules that find candidates: where it stands, in words, itself, and the names it may use."""
    for name, rule in project.advocacy_candidates.items():
        place: Path = ("advocacy_candidates", name)
        yield (*place, "accounts"), f"the accounts of candidates '{name}'", rule.accounts, account_types(project)
        if rule.people is not None:
            yield (*place, "people"), f"the people of candidates '{name}'", rule.people, people_types(project)
