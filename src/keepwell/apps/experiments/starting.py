"""What a form begins with: an experiment of before."""

from __future__ import annotations

from django.http import HttpRequest

from keepwell.apps.access.actors import Actor
from keepwell.apps.experiments import queries
from keepwell.apps.experiments.models import Experiment


def like_of(actor: Actor, request: HttpRequest, kind: str) -> Experiment | None:
    """The experiment that `like` names in the address. Raises NotVisible where there is none of this kind."""
    like = request.GET.get("like", "")
    if not like.isdecimal() or len(like) > 9:
        return None
    found = queries.experiment(actor, int(like))
    return found if found.kind == kind else None
