"""The kinds there are. A new one is a folder in `kinds` and its name here."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any, cast

from keepwell.connect.extra import quiet_dlt
from keepwell.connect.spec import Source, Spec
from keepwell.errors import RequestRefused

KINDS = ("files", "sql", "rest", "salesforce", "hubspot", "zendesk", "intercom", "stripe", "jira")
_PLACE = "keepwell.connect.kinds"


@cache
def spec_of(kind: str) -> Spec:
    """Raises RequestRefused for a kind that there is not."""
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1)
        raise RequestRefused(
            f"there is no kind '{kind}'" + (f"; did you mean '{near[0]}'?" if near else f": {', '.join(KINDS)}")
        )
    return cast(Spec, import_module(f"{_PLACE}.{kind}.spec").SPEC)


def all_specs() -> list[Spec]:
    return [spec_of(kind) for kind in KINDS]


def source_of(kind: str) -> Source:
    """How a kind is read. Raises RequestRefused where the extra is not installed."""
    spec_of(kind)
    quiet_dlt()
    return cast(Source, import_module(f"{_PLACE}.{kind}.source"))


def writer_of(kind: str) -> Any:
    """`write.py` of a kind that takes fields back. Raises RequestRefused for one that does not."""
    if not spec_of(kind).writes:
        able = ", ".join(one.title for one in all_specs() if one.writes)
        raise RequestRefused(f"{spec_of(kind).title} takes nothing back; these do: {able}")
    quiet_dlt()
    return import_module(f"{_PLACE}.{kind}.write")
