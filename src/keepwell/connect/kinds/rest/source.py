"""A resource of the declaration is a stream; its `incremental` says by which column only newer rows are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from keepwell.connect.declared import pages_of
from keepwell.connect.failing import in_our_words
from keepwell.connect.outgoing import Door, Outgoing
from keepwell.connect.signing_in import ClientCredentials, basic, bearer
from keepwell.connect.spec import Page, Settings, Since, SourceRefused, Stream


def check(settings: Settings, door: Door) -> str:
    names = [one.name for one in streams(settings, door)]
    with in_our_words(settings):
        rows: Any = next(iter(_pages(settings, door, names[0], None)), [])
        return f"{len(names)} streams; {names[0]} answers with {'rows' if len(rows) else 'no rows'}"


def streams(settings: Settings, door: Door) -> list[Stream]:
    with in_our_words(settings):
        return [_stream(one) for one in _resources(settings)]


def read(settings: Settings, door: Door, stream: str, since: Since | None) -> Iterator[Page]:
    with in_our_words(settings):
        yield from _pages(settings, door, stream, since)


def _pages(settings: Settings, door: Door, stream: str, since: Since | None) -> Iterator[Page]:
    resources = _resources(settings)
    asked = next((one for one in resources if one["name"] == stream), None)
    if asked is None:
        raise SourceRefused(f"there is no resource '{stream}': {', '.join(one['name'] for one in resources)}")
    endpoint = asked["endpoint"] = dict(asked["endpoint"])
    incremental = endpoint.pop("incremental", None)
    if incremental and since is not None:
        endpoint["incremental"] = {**incremental, "initial_value": since.value}
    client: dict[str, Any] = {"base_url": settings["address"], "session": _session(settings, door)}
    yield from pages_of({"client": client, "resources": resources}, stream)


def _session(settings: Settings, door: Door) -> Outgoing:
    session = door.session()
    way, user, secret = settings["sign_in"] or "none", settings["user"], settings["secret"]
    if way == "token":
        bearer(session, secret)
    elif way == "header":
        session.headers[settings["header"]] = secret
    elif way == "password":
        basic(session, user, secret)
    elif way == "client credentials":
        session.auth = ClientCredentials(session, settings["token_address"], user, secret)
    return session


def _resources(settings: Settings) -> list[dict[str, Any]]:
    """The declaration, checked. Endpoints of other hosts are refused: they would be sent the credentials."""
    try:
        said = yaml.safe_load(settings["declaration"])
    except yaml.YAMLError as error:
        raise SourceRefused(f"the declaration is no YAML: {' '.join(str(error).split())}") from None
    found = said.get("resources") if isinstance(said, Mapping) else None
    if not isinstance(found, list) or not found:
        raise SourceRefused("the declaration needs `resources`: a list of names with an endpoint each")
    ready = [_resource(one) for one in found]
    if len({one["name"] for one in ready}) < len(ready):
        raise SourceRefused("two resources of the declaration have the same name")
    return ready


def _resource(said: Any) -> dict[str, Any]:
    if not isinstance(said, Mapping) or not isinstance(said.get("name"), str):
        raise SourceRefused(f"a resource of the declaration has no name: {said!r:.100}")
    known = {"name", "endpoint", "primary_key", "include_from_parent"}
    if strange := sorted(set(said) - known):
        raise SourceRefused(f"resource '{said['name']}': '{strange[0]}' is none of {', '.join(sorted(known))}")
    endpoint = said.get("endpoint", said["name"])
    endpoint = {"path": endpoint} if isinstance(endpoint, str) else dict(endpoint)
    path = str(endpoint.setdefault("path", said["name"]))
    if "://" in path or path.startswith("//") or "auth" in endpoint:
        raise SourceRefused(
            f"resource '{said['name']}': a path follows the address, and has no host or auth of its own"
        )
    return {**said, "endpoint": endpoint}


def _stream(resource: Mapping[str, Any]) -> Stream:
    keys = resource.get("primary_key") or ()
    incremental = resource["endpoint"].get("incremental") or {}
    return Stream(
        resource["name"], keys=(keys,) if isinstance(keys, str) else tuple(keys),
        cursor=str(incremental.get("cursor_path", "")),
    )  # fmt: skip
