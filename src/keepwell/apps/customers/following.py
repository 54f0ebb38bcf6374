"""What moves with an account that is merged into another, and moves back when that is undone.

Apps above this one register what they keep of an account; everything moves in the transaction of the merge.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from keepwell.apps.customers.models import Account, AccountList, Person, Relationship, StageChange

Ids = list[Any]


@dataclass(frozen=True)
class Follower:
    """`move(account_id, into_id)` moves what there is and returns the ids of it, as JSON has them; `take_back(ids,
    account_id, into_id)` moves those back that are still with the other. `settle(account_ids)` follows either."""

    name: str
    move: Callable[[str, str], Ids]
    take_back: Callable[[Ids, str, str], None]
    settle: Callable[[Collection[str]], None] = lambda _: None


_followers: dict[str, Follower] = {}


def register_follower(follower: Follower) -> None:
    """`name` is what people call it, in the plural."""
    _followers[follower.name] = follower


def rows_of(
    name: str,
    model: type[Model],
    *,
    field: str = "account",
    staying: Callable[[str, str], Collection[Any]] | None = None,
    settle: Callable[[Collection[str]], None] = lambda _: None,
) -> Follower:
    """Rows that name their account in `field`, except those `staying`."""

    def rows(**known: Any) -> QuerySet[Any]:
        return model._default_manager.filter(**known)

    def move(account: str, into: str) -> Ids:
        leaving = rows(**{field: account}).exclude(pk__in=staying(account, into) if staying else ())
        ids = list(leaving.order_by("pk").values_list("pk", flat=True))
        rows(pk__in=ids).update(**{field: into})
        return [one if isinstance(one, int | str) else str(one) for one in ids]

    def take_back(ids: Ids, account: str, into: str) -> None:
        rows(pk__in=ids, **{field: into}).update(**{field: account})

    return Follower(name, move, take_back, settle)


def move_all(account_id: str, into_id: str) -> dict[str, Ids]:
    """Returns what moved, by name; kinds of which there was nothing are left out."""
    moved = {name: one.move(account_id, into_id) for name, one in _followers.items()}
    _settle([into_id])
    return {name: ids for name, ids in moved.items() if ids}


def take_all_back(moved: dict[str, Ids], account_id: str, into_id: str) -> None:
    """What `move_all` moved."""
    for name, ids in moved.items():
        if name in _followers:
            _followers[name].take_back(ids, account_id, into_id)
    _settle([account_id, into_id])


def register() -> None:
    """What customers themselves keep of an account."""
    register_follower(rows_of("people", Person))
    register_follower(rows_of("units", Relationship))
    register_follower(rows_of("stages of the past", StageChange))
    register_follower(rows_of("child accounts", Account, field="parent", staying=lambda _, into: [into]))
    register_follower(Follower("lists", _join_lists, _leave_lists))


def _join_lists(account: str, into: str) -> Ids:
    """The merged account stays on its lists, where nobody sees it; the other joins those that it was not on."""
    there = AccountList.objects.filter(accounts=into).values("pk")
    joined = AccountList.objects.filter(accounts=account).exclude(pk__in=there)
    ids = list(joined.order_by("pk").values_list("pk", flat=True))
    Account.objects.get(pk=into).lists.add(*ids)
    return ids


def _leave_lists(ids: Ids, account: str, into: str) -> None:
    Account.objects.get(pk=into).lists.remove(*ids)


def _settle(accounts: Sequence[str]) -> None:
    for one in dict.fromkeys(follower.settle for follower in _followers.values()):
        one(accounts)
