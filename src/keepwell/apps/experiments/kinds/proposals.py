"""Proposals: a draft of one card, learned from outcomes within limits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.configuration.models import Version
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.experiments.asides import outcomes_seen_by
from keepwell.apps.experiments.kinds.kind import Found, Kind
from keepwell.apps.experiments.kinds.work import Work
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.proposals import drawing, telling
from keepwell.apps.experiments.tables import cell
from keepwell.apps.health.dated import Dated
from keepwell.apps.health.place import opened

if TYPE_CHECKING:
    from keepwell.learning.optimizer.proposal import Proposal


def _made(experiment: Experiment, work: Work) -> Found:
    from keepwell.learning.optimizer.limits_reading import limits_of
    from keepwell.learning.optimizer.optimizing import optimize
    from keepwell.learning.optimizer.study import Request

    asked, project = experiment.parameters, project_of(experiment.files)
    request = Request(
        asked["card"], date.fromisoformat(asked["as_of"]), asked["seed"],
        limits_of(asked["limits"], project, asked["card"]), asked["lead_days"], asked["horizon_days"],
        values=work.values, advance=work.dates,
    )  # fmt: skip
    with opened(project) as data:
        return _told(experiment, optimize(project, Dated(data), request))


def _told(experiment: Experiment, proposal: Proposal) -> Found:
    from keepwell.definitions.versions import Versions
    from keepwell.learning.optimizer.writing import changed_files
    from keepwell.learning.report.telling import report_of

    found = report_of(proposal, None)
    found["moves"]["movers"] = found["moves"]["movers"][: telling.MOST_MOVERS]
    files = changed_files(proposal, experiment.files.__getitem__, experiment.files.__contains__)
    return {**found, "files": files, "digest": Versions(proposal.project).project}


def _seen_by(actor: Actor, found: Found) -> Found:
    """Movers, and examples of what was left out, are named to those who see them."""
    if actor.user is None or actor.user.reach == Reach.ALL:
        return found
    found = outcomes_seen_by(actor, found)
    movers = found["moves"]["movers"]
    seen = set(visible(actor).filter(pk__in={one["account_id"] for one in movers}).values_list("pk", flat=True))
    return {**found, "moves": {**found["moves"], "movers": [one for one in movers if one["account_id"] in seen]}}


def _answer(actor: Actor, one: Experiment, found: Found) -> dict[str, Any]:
    movers = found["moves"]["movers"]
    published = Version.objects.filter(digest=found["digest"]).order_by("number").last()
    names = dict(Account.objects.filter(pk__in={one["account_id"] for one in movers}).values_list("pk", "name"))
    return {
        "changes": telling.changes(found),
        "judged": telling.judged(found),
        "how_judged": telling.how_judged(found),
        "edges": telling.edges(found),
        "moves": found["moves"],
        "movers": [{**mover, "name": names.get(mover["account_id"], mover["account_id"])} for mover in movers],
        "left_out": sorted(found["left_out"].items()),
        "limits": telling.limits(found),
        "notes": list(telling.to_mind(found)),
        "option": drawing.shares_option(found),
        "published": published,
        "in_force": published is not None and published == current_version(),
    }


def _asked(experiment: Experiment) -> str:
    asked = experiment.parameters
    return (
        f"Scorecard {asked['card']}, learned from what was known on {asked['as_of']}, {asked['lead_days']} days ahead "
        "of each decision."
    )


PROPOSAL = Kind(
    name="proposal",
    title="Proposal",
    start="start_proposal",
    make=_made,
    headline=telling.headline,
    asked=_asked,
    answer=_answer,
    template="experiments/proposals/_answer.html",
    seen_by=_seen_by,
    figure=lambda found: cell(found["held_out"]["figures"]["auc"]["new"]),
    figure_title="AUC",
)
