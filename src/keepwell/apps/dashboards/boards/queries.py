"""Which boards somebody sees, and which they may change."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from keepwell.apps.access.actors import Actor, Forbidden, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.dashboards.models import Board


def boards_for(actor: Actor) -> QuerySet[Board]:
    """One's own, those shared with one's role, and for those who configure those that are offered."""
    if actor.user is None or not actor.may(Permission.VIEW):
        return Board.objects.none()
    seen = Q(owner=actor.user) | Q(shared_with__contains=[actor.user.role])
    if actor.may(Permission.CONFIGURE):
        seen |= Q(offered_at__isnull=False)
    return Board.objects.filter(seen, owner__is_active=True).select_related("owner")


def board_for(actor: Actor, pk: int) -> Board:
    """One that the actor sees. Raises NotVisible."""
    require(actor, Permission.VIEW)
    found = boards_for(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def own_board(actor: Actor, pk: int) -> Board:
    """One that the actor may change: her own. Raises NotVisible, or Forbidden for one that she only sees."""
    found = board_for(actor, pk)
    if not is_owner(actor, found):
        raise Forbidden(f"this dashboard is {found.owner}'s; make a copy of your own to change it")
    return found


def is_owner(actor: Actor, board: Board) -> bool:
    return actor.user is not None and board.owner_id == actor.user.pk


def text_at(board: Board, revision: int) -> str | None:
    """What it said at a revision; None where that is not kept."""
    return board.revisions.filter(number=revision).values_list("text", flat=True).first()
