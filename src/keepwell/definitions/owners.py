"""Whom definitions name without knowing them: the account's CSM, that person's manager, a team, an address."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from keepwell.definitions.base import one_or_several
from keepwell.definitions.names import listed, nearest

ROLES = ("csm", "manager", "team")
_ROUND_ROBIN, _TEAM = "round_robin:", "team:"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def _owner(text: str) -> str:
    if text in ROLES or _ADDRESS.fullmatch(text):
        return text
    for prefix in (_ROUND_ROBIN, _TEAM):
        if text.startswith(prefix) and text.removeprefix(prefix).strip():
            return text
    near = nearest(text, ROLES)
    raise ValueError(
        f"'{text}' names nobody" + (f"; did you mean '{near}'?" if near else ";") + f" write {listed(ROLES)}, "
        "round_robin:NAME OF A TEAM, team:NAME OF A TEAM, or the e-mail address of a person"
    )


def _recipient(text: str) -> str:
    if text.startswith(_ROUND_ROBIN):
        raise ValueError(
            "a message goes to everybody named; write team, team:NAME OF A TEAM, or the e-mail address of a person"
        )
    return _owner(text)


def _several(value: Any) -> Any:
    return value if isinstance(value, tuple | list) else (value,)


Owner = Annotated[str, AfterValidator(_owner), Field(examples=["csm", "manager", "round_robin:onboarding"])]
"""Who does something."""

Recipients = Annotated[
    tuple[Annotated[str, AfterValidator(_recipient), Field(examples=["csm", "manager", "team"])], ...],
    BeforeValidator(_several),
    Field(min_length=1),
    one_or_several(),
]
"""Who is told: one or several."""
