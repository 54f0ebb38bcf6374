"""Tables of what rules know, what sets them in motion, and what they do."""

from __future__ import annotations

from generating.keys import keys, schemas
from generating.tables import sentence, table
from keepwell.definitions import actions, triggers
from keepwell.definitions.advocacy import DEFAULT_ACTIVITIES, AdvocacyActivity
from keepwell.definitions.advocacy_names import ACCOUNTS as ADVOCACY_ACCOUNTS
from keepwell.definitions.advocacy_names import PEOPLE as ADVOCACY_PEOPLE
from keepwell.definitions.rule_names import CALL_FIELDS, FIELDS, KNOWN
from keepwell.definitions.survey_names import LETTER_FIELDS, LINK, PEOPLE


def rule_names() -> str:
    """A row a name that rules know of themselves."""
    rows = [(f"`{name}`", str(known.type), sentence(known.doc)) for name, known in KNOWN.items()]
    return table(("name", "is", "what it says"), rows)


def text_fields() -> str:
    """A row a field of texts that is no name of expressions."""
    known = {**FIELDS, "call": CALL_FIELDS}
    rows = [(f"`{{{prefix}.{name}}}`", sentence(doc)) for prefix, names in known.items() for name, doc in names.items()]
    return table(("field", "what it says"), rows)


def survey_names() -> str:
    """A row a name of expressions over people."""
    rows = [(f"`{name}`", str(known.type), sentence(known.doc)) for name, known in PEOPLE.items()]
    return table(("name", "is", "what it says"), rows)


def letter_fields() -> str:
    """A row a field of letters of surveys."""
    rows = [
        (f"`{{{prefix}.{name}}}`", sentence(doc))
        for prefix, names in LETTER_FIELDS.items()
        for name, doc in names.items()
    ]
    return table(("field", "what it says"), [(f"`{{{LINK}}}`", "Where to answer."), *rows])


def advocacy_names() -> str:
    """A row a name of expressions of advocacy, first those of accounts."""
    known = [*ADVOCACY_ACCOUNTS.items(), *ADVOCACY_PEOPLE.items()]
    return table(
        ("name", "is", "what it says"), [(f"`{name}`", str(one.type), sentence(one.doc)) for name, one in known]
    )


def advocacy_defaults() -> str:
    """A row a kind of activity that comes with Keepwell."""
    rows = [(f"`{name}`", f"{one.points:g}", _decay(one), _limits(one)) for name, one in DEFAULT_ACTIVITIES.items()]
    return table(("kind", "points", "decay", "in a quarter at most"), rows)


def _decay(one: AdvocacyActivity) -> str:
    return f"to nothing in {one.zero_after} days" if one.zero_after else f"half in {one.half_life} days"


def _limits(one: AdvocacyActivity) -> str:
    found = {"a person": one.limits.per_person, "an account": one.limits.per_account}
    return ", ".join(f"{count} for {whom}" for whom, count in found.items() if count)


def trigger_kinds() -> str:
    """A table of the keys of all triggers."""
    rows = [row for model in triggers._KINDS.values() for row in keys(model.__name__).splitlines()[2:]]
    return "\n".join([*table(("key", "holds", "default", "what it says"), ()).splitlines(), *rows])


def action_kinds() -> str:
    """A row an action, then the keys of each."""
    kinds = actions._ACTIONS
    doc = {kind: model.model_fields[kind].annotation.__doc__ or "" for kind, model in kinds.items()}
    first = table(("action", "what it does"), [(f"`{kind}`", sentence(_said(doc[kind], kind))) for kind in kinds])
    parts = [f"`{kind}`:\n\n{keys(model.model_fields[kind].annotation.__name__)}" for kind, model in kinds.items()]
    shared = {"add_to_list", "remove_from_list"}
    return "\n\n".join([first, *(part for part, kind in zip(parts, kinds, strict=True) if kind not in shared)]) + (
        f"\n\n`add_to_list` and `remove_from_list`:\n\n{keys('OnList')}"
    )


def _said(doc: str, kind: str) -> str:
    own = schemas()[actions._ACTIONS[kind].__name__]["properties"][kind].get("description")
    return own if kind.endswith("_list") else doc.strip().splitlines()[0]
