"""What a decision about a route is, and what stands in the database while routes are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import PERMISSIONS, Permission, Role
from keepwell.apps.customers.models import Account
from tests.apps.conftest import People

PAGE, SIGN_IN, NO_RIGHT, NOT_THERE, WRONG_METHOD = "page", "sign in", "no right", "not there", "wrong method"


@dataclass(frozen=True)
class Decision:
    """`permission`: what it takes; `of_account`: about Acme, which the stranger does not see; `only`: who has it;
    `refused`: who may not although their role would allow it; `always`: what everybody gets.
    """

    permission: Permission | None = Permission.VIEW
    of_account: bool = False
    open: bool = False
    hidden: bool = False
    only: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    always: str = ""

    def for_(self, user: User | None, name: str) -> set[str]:
        """What somebody gets; more than one answer where the order of two refusals does not matter."""
        if self.always:
            return {self.always}
        if self.hidden:
            return {NOT_THERE} if self.open or user else {SIGN_IN}
        if user is None:
            return {PAGE} if self.open else {SIGN_IN}
        lacks = self.permission is not None and self.permission not in PERMISSIONS[Role(user.role)]
        lacks = lacks or name in self.refused
        if self.only:
            return {PAGE} if name in self.only else {NOT_THERE, NO_RIGHT} if lacks else {NOT_THERE}
        if self.of_account and name == "stranger":
            return {NOT_THERE, NO_RIGHT} if lacks else {NOT_THERE}
        return {NO_RIGHT} if lacks else {PAGE}


OPEN = Decision(None, open=True)  # nobody needs to have signed in
CLOSED = Decision(None, open=True, hidden=True)  # an address of a library that we do not use
CLOSED_WITHOUT = Decision(None, hidden=True)  # for those signed in, who have no such thing
SIGNED_IN = Decision()
WRITE, BULK = Decision(Permission.WRITE), Decision(Permission.BULK)
SEND = Decision(Permission.SEND)
CONFIGURE, RUN, ADMIN = Decision(Permission.CONFIGURE), Decision(Permission.RUN), Decision(Permission.ADMINISTER)
OF_ACCOUNT = Decision(of_account=True)
OF_ACCOUNT_WRITE = Decision(Permission.WRITE, of_account=True)
OWN = Decision(only=frozenset({"owner"}))  # something of Ada's that nobody else knows of
OWN_WRITE = Decision(Permission.WRITE, only=frozenset({"owner"}))
OWN_OR_ADMIN = Decision(only=frozenset({"owner", "admin"}))
BULK_OF_ADMIN = Decision(Permission.BULK, only=frozenset({"admin"}))  # a change that the admin made
ADMIN_OF_ACCOUNT = Decision(Permission.ADMINISTER, of_account=True)
OF_LIST = Decision(Permission.WRITE, refused=frozenset({"colleague", "stranger"}))  # Ada keeps the list
REFUSES_ALL = Decision(always=SIGN_IN)  # a page about a failed sign-in, with that status
AUTHORS = Decision(Permission.ADMINISTER, of_account=True)  # what an admin wrote
NONE = None  # no decision for this method: it is refused with 405, or answered like GET


@dataclass(frozen=True)
class Stage:
    """What stands in the database while routes are tried."""

    account: Account
    people: People
    viewer: User


@dataclass(frozen=True)
class R:
    """One route: a decision a method, and arguments that ARGUMENTS does not have. `query`, `data`: what is sent."""

    get: Decision | None = NONE
    post: Decision | None = NONE
    put: Decision | None = NONE
    patch: Decision | None = NONE
    delete: Decision | None = NONE
    fill: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
