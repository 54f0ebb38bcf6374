"""Changes of the feature map, as changes of a draft's YAML: comments and everything else in the file stay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.document import read
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft, start_draft
from keepwell.apps.configuration.projects import Files, project_of
from keepwell.apps.configuration.queries import drafts
from keepwell.apps.configuration.rewriting import appended, with_value, without
from keepwell.errors import RequestRefused

FILE, KIND, DRAFT = "features.yaml", "features", "Feature map"


def own_draft(actor: Actor) -> Draft | None:
    """The draft in which this person changes the map; None before their first change."""
    return drafts().filter(name=_draft_name(actor)).first()


def change_map(*, actor: Actor, do: str, given: Mapping[str, str]) -> Draft:
    """One change of the person's own draft, which the first change starts.

    `do`: add (a feature with its first rule, or a rule of one that is there), edit (its words, place and turn),
    change-rule, remove-rule or remove. Raises RequestRefused with the field's trouble, DefinitionsRefused where the
    map would not be valid.
    """
    require(actor, Permission.CONFIGURE)
    work = _CHANGES.get(do)
    if work is None:
        raise RequestRefused(f"'{do}' is no change of the feature map: use {', '.join(sorted(_CHANGES))}")
    draft = own_draft(actor)

    def change(files: Files) -> Files:
        changed = work(files, given)
        project_of(changed)  # refused as a whole, with every issue
        return changed

    if draft is None:
        draft = start_draft(actor=actor, name=_draft_name(actor))
    return change_draft(actor=actor, draft=draft, change=change)


def _draft_name(actor: Actor) -> str:
    return f"{DRAFT} · {actor.name}"[:100]


def name_for(event: str, taken: Sequence[str]) -> str:
    """A name of a feature made from that of an event."""
    plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", event).lower()).strip("_")[:80]
    name = plain if plain[:1].isalpha() else f"feature_{plain}".rstrip("_")
    every = (name, *(f"{name}_{number}" for number in range(2, 1000)))
    return next(one for one in every if one not in taken)


def _add(files: Files, given: Mapping[str, str]) -> Files:
    rule = _rule(given)
    name = given.get("feature", "").strip()
    if not name:
        name = name_for(given.get("event") or given.get("url") or "feature", _names(files))
    path, text = _file_of(files, name)
    if name in _names(files):
        return {**files, path: appended(text, (KIND, name, "rules"), rule)}
    made = {**_words(given), "rules": [rule]}
    return {**files, path: with_value(text, (KIND, name), made)}


def _edit(files: Files, given: Mapping[str, str]) -> Files:
    name = _known(files, given)
    path, text = _file_of(files, name)
    for key, value in {**_words(given), **_turn(given)}.items():
        text = with_value(text, (KIND, name, key), value)
    return {**files, path: text}


def _change_rule(files: Files, given: Mapping[str, str]) -> Files:
    name = _known(files, given)
    path, text = _file_of(files, name)
    place = _place(given, read(text)[KIND][name].get("rules") or [])
    return {**files, path: with_value(text, (KIND, name, "rules", place), _rule(given))}


def _remove_rule(files: Files, given: Mapping[str, str]) -> Files:
    name = _known(files, given)
    path, text = _file_of(files, name)
    held = read(text)[KIND][name].get("rules") or []
    place = _place(given, held)
    if len(held) == 1:
        return _remove(files, given)
    return {**files, path: without(text, (KIND, name, "rules", place))}


def _remove(files: Files, given: Mapping[str, str]) -> Files:
    name = _known(files, given)
    path, text = _file_of(files, name)
    if len(read(text)[KIND]) > 1:
        return {**files, path: without(text, (KIND, name))}
    rest = without(text, (KIND,))
    return {**{one: held for one, held in files.items() if one != path}, **({path: rest} if read(rest) else {})}


_CHANGES = {"add": _add, "edit": _edit, "change-rule": _change_rule, "remove-rule": _remove_rule, "remove": _remove}


def _rule(given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {key: given[key].strip() for key in ("event", "url") if given.get(key, "").strip()}
    name, value = given.get("property", "").strip(), given.get("value", "").strip()
    if bool(name) != bool(value):
        raise RequestRefused("a property needs a name and a value; several values stand apart by commas")
    if name:
        found["properties"] = {name: [one.strip() for one in value.split(",") if one.strip()]}
    if not found:
        raise RequestRefused("say which events belong to it: a name, a page or a property")
    return found


def _words(given: Mapping[str, str]) -> dict[str, str]:
    return {key: given[key].strip() for key in ("title", "product", "module") if given.get(key, "").strip()}


def _turn(given: Mapping[str, str]) -> dict[str, int]:
    """Which feature is tried before which: a whole number, lowest first."""
    said = given.get("order", "").strip()
    if said and not re.fullmatch(r"-?\d{1,6}", said):
        raise RequestRefused(f"the turn is '{said}': give a whole number; features with a lower one are tried before")
    return {"order": int(said)} if said else {}


def _place(given: Mapping[str, str], held: Sequence[Any]) -> int:
    place = int(given["rule"]) if given.get("rule", "").isdigit() else -1
    if not 0 <= place < len(held):
        raise RequestRefused("this rule is not there any more; look at the map again")
    return place


def _known(files: Files, given: Mapping[str, str]) -> str:
    name = given.get("feature", "")
    if name not in _names(files):
        raise RequestRefused(f"there is no feature '{name}' in the map any more")
    return name


def _names(files: Files) -> list[str]:
    return sorted(project_of(files).features)


def _file_of(files: Files, name: str) -> tuple[str, str]:
    """The file that holds a feature; of a new one the first that holds any, else one of its own."""
    holding = {path: text for path, text in files.items() if KIND in (read(text) or {})}
    for path, text in holding.items():
        if name in (read(text)[KIND] or {}):
            return path, text
    path = next(iter(sorted(holding)), FILE)
    return path, files.get(path, "")
