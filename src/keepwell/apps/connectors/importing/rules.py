"""What a row must hold to be taken, beside the types of its cells; and what its person may not touch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.connectors.importing.reading import Rule
from keepwell.apps.connectors.importing.targets import Target
from keepwell.apps.customers.queries import visible
from keepwell.lake.statements import quoted

_EMAIL = r"[^@\s,;<>]+@[^@\s,;<>.]+([.][^@\s,;<>.]+)+"
_NEAREST, _ALIKE = 20, 0.75
"""For so many unknown parents of a file the nearest account is named, where it is at least so much alike."""

_KEY = "[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"


@dataclass
class Rules:
    """`given`: relations that the rules ask. `derived`: columns that are added. `key`: what tells rows apart."""

    rules: list[Rule] = field(default_factory=list)
    given: dict[str, pa.Table] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()


def rules_for(target: Target, actor: Actor, names: set[str]) -> Rules:
    found = Rules(key=tuple(target.manner.key))
    user = actor.user
    sees_all = user is None or user.reach == Reach.ALL
    if target.account in names and (target.kind == "people" or not sees_all):
        found.given["seen"] = pa.table({"id": pa.array(_ids(actor), pa.string())})
        found.rules += _accounts(target, target.account or "")
    if target.kind == "accounts" and target.parent in names and target.account in names:
        found.given["parents"] = _named(actor)
        found.rules += _parents(str(target.parent), str(target.account))
    if target.kind == "people":
        _people(found, names)
    if target.manner.changed_at in names:
        found.key = (*found.key, str(target.manner.changed_at))
    return found


def _ids(actor: Actor) -> Iterator[str]:
    return visible(actor).filter(merged_into=None).values_list("pk", flat=True).iterator(chunk_size=20_000)


def _accounts(target: Target, column: str) -> Iterator[Rule]:
    more = ", and you may not make one" if target.kind == "accounts" else ""
    x = quoted(column)
    yield Rule(
        f"{x} is not null and {x} not in (select id from seen)", f"'there is no account ''' || {x} || '''{more}'"
    )


def _named(actor: Actor) -> pa.Table:
    """The accounts that may be a parent: id and name."""
    seen = list(visible(actor).filter(merged_into=None).values_list("pk", "name").iterator(chunk_size=20_000))
    ids, names = zip(*seen, strict=True) if seen else ((), ())
    return pa.table({"id": pa.array(ids, pa.string()), "name": pa.array(names, pa.string())})


def _parents(parent: str, account: str) -> Iterator[Rule]:
    """Accounts that are there, or that the file brings. The nearest is named for a few of the others alone."""
    x, own = quoted(parent), quoted(account)
    yield Rule(f"{x} = {own}", "'an account cannot be its own parent'")
    known = f"in (select id from parents union all select {own} from typed where {own} is not null)"
    few = f"select distinct {x} as unknown from typed where {x} is not null and not ({x} {known}) limit {_NEAREST}"
    alike = ", ".join(f"jaro_winkler_similarity(lower(unknown), lower({one}))" for one in ("p.id", "p.name"))
    near = (
        f"select unknown, arg_max('''' || p.id || ''' (' || p.name || ')', greatest({alike})) as nearest "
        f"from ({few}) cross join parents p group by unknown having max(greatest({alike})) > {_ALIKE}"
    )
    said = f"(select '; the nearest is ' || n.nearest from ({near}) n where n.unknown = {x})"
    yield Rule(
        f"{x} is not null and {x} <> {own} and not ({x} {known})",
        f"'there is no account ''' || {x} || ''' to be its parent' || coalesce({said}, '')",
    )


def _people(found: Rules, names: set[str]) -> None:
    has = {name: quoted(name) if name in names else "null::varchar" for name in ("name", "email", "key")}
    found.rules.append(Rule(f"{has['name']} is null and {has['email']} is null", "'give a name or an e-mail address'"))
    if "email" in names:
        wrong = f"email is not null and not regexp_full_match(email, '{_EMAIL}')"
        found.rules.append(Rule(wrong, "'''' || left(email, 40) || ''' is no e-mail address such as name@company.com'"))
    if "key" in names:
        wrong = f"key is not null and not regexp_full_match(key, '{_KEY}')"
        found.rules.append(
            Rule(wrong, "'''' || left(key, 40) || ''' is no key of a person; leave it out for somebody new'")
        )
    who = f"coalesce(lower({has['key']}), account_id || chr(31) || lower(coalesce({has['email']}, {has['name']})))"
    found.derived["person"] = who
    found.key = ("person",)
