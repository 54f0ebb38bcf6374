"""Events of PostHog's protocol, told in Segment's words."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from keepwell.apps.usage.ingestion.inherited import Inherited
from keepwell.apps.usage.ingestion.refusals import MALFORMED, NO_EVENT, NO_GROUP, NO_PERSON, NO_PREVIOUS, MessageRefused
from keepwell.apps.usage.ingestion.segment import known
from keepwell.apps.usage.ingestion.times import event_time
from keepwell.apps.usage.ingestion.wire import LONGEST, Capture, Stored, read_capture

GROUP_TYPES = ("company", "organization", "organisation", "account", "customer", "tenant", "workspace")
"""Types of groups that are accounts, the first that an event has."""
_PAGES = {"$pageview": "page", "$screen": "screen"}
_OF_PAGE = {"url": "$current_url", "path": "$pathname", "name": "$screen_name"}


def stored_messages(raw: msgspec.Raw, inherited: Inherited) -> list[Stored]:
    """One or two: what an event says of its person beside is an identify of its own.

    Raises MessageRefused, msgspec.ValidationError or DecodeError.
    """
    capture = read_capture(raw)
    properties = capture.properties or {}
    stored = _base(capture, properties, inherited)
    traits = _traits(capture, properties)
    if capture.event == "$create_alias":
        return [_alias(stored, properties)]
    if capture.event == "$groupidentify":
        return [_group(stored, properties)]
    if capture.event in ("$identify", "$set"):
        stored.type, stored.traits = "identify", traits
        stored.anonymous = stored.anonymous or _id(properties.get("$anon_distinct_id"))
        return [stored]
    return _happened(stored, capture, properties, inherited, traits)


def _base(capture: Capture, properties: Mapping[str, Any], inherited: Inherited) -> Stored:
    if not capture.event:
        raise MessageRefused(NO_EVENT, "an event needs a name")
    person = known(capture.distinct_id) or _id(properties.get("distinct_id"))
    if person is None:
        raise MessageRefused(NO_PERSON, "no distinct_id says whose it is")
    nameless = properties.get("$is_identified") is False or properties.get("$process_person_profile") is False
    return Stored(
        id=known(capture.uuid) or str(uuid.uuid4()),
        type="track",
        at=event_time(capture.timestamp or inherited.moment, inherited.latest),
        user=None if nameless else person,
        anonymous=person if nameless else None,
        group=_account(properties.get("$groups")),
    )


def _happened(
    stored: Stored,
    capture: Capture,
    properties: Mapping[str, Any],
    inherited: Inherited,
    traits: dict[str, Any] | None,
) -> list[Stored]:
    found = {name: value for name, value in properties.items() if name in inherited.kept}
    stored.type = _PAGES.get(capture.event or "", "track")
    if stored.type == "track":
        stored.event = known(capture.event)
    else:
        told = {name: properties.get(theirs) for name, theirs in _OF_PAGE.items()}
        found |= {name: value.partition("?")[0] for name, value in told.items() if isinstance(value, str)}
    stored.properties = found or None
    if traits is None:
        return [stored]
    about = Stored(id=f"{stored.id[:190]}:set", type="identify", at=stored.at, user=stored.user,
                   anonymous=stored.anonymous, traits=traits)  # fmt: skip
    return [stored, about]


def _alias(stored: Stored, properties: Mapping[str, Any]) -> Stored:
    """`alias` and `distinct_id` are one person from here on."""
    alias = _id(properties.get("alias"))
    if alias is None:
        raise MessageRefused(NO_PREVIOUS, "$create_alias needs an alias")
    stored.type, stored.previous, stored.user = "alias", stored.user or stored.anonymous, alias
    stored.anonymous = None
    return stored


def _group(stored: Stored, properties: Mapping[str, Any]) -> Stored:
    """What is said of an account; the distinct_id that comes along is made up by the clients."""
    kind, key = properties.get("$group_type"), _id(properties.get("$group_key"))
    if kind not in GROUP_TYPES or key is None:
        named = ", ".join(GROUP_TYPES)
        raise MessageRefused(NO_GROUP, f"$groupidentify needs a $group_key and a $group_type that is one of {named}")
    given = properties.get("$group_set")
    stored.type, stored.group, stored.traits = "group", key, given if isinstance(given, dict) and given else None
    stored.user = stored.anonymous = None
    return stored


def _traits(capture: Capture, properties: Mapping[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for given in (capture.set_once, properties.get("$set_once"), capture.set_, properties.get("$set")):
        if isinstance(given, dict):
            found |= given
    return found or None


def _account(groups: Any) -> str | None:
    if not isinstance(groups, dict):
        return None
    return next((_id(groups[kind]) for kind in GROUP_TYPES if kind in groups), None)


def _id(value: Any) -> str | None:
    """Raises MessageRefused where it is too long."""
    found = known(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if found and len(found) > LONGEST:
        raise MessageRefused(MALFORMED, f"an id has {len(found)} characters; at most {LONGEST} are kept")
    return found
