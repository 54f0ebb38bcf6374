"""A proposal and what goes together with its outcomes, as plain values for JSON."""

from __future__ import annotations

from typing import Any

from keepwell.learning.correlation.correlating import Correlation
from keepwell.learning.figures.figure import numbers
from keepwell.learning.optimizer.proposal import Proposal
from keepwell.learning.optimizer.study import Study
from keepwell.learning.plain import plain

FORMAT = "keepwell proposal 1"


def report_of(proposal: Proposal, correlation: Correlation | None) -> dict[str, Any]:
    """Everything the page shows, and nothing that is not a number where a number is meant; `correlation` None: without
    what goes together with leaving."""
    found: dict[str, Any] = plain(
        {
            "format": FORMAT,
            "asked": _asked(proposal),
            "outcomes": outcomes_of(proposal.study),
            "changes": proposal.changes,
            "left_out": proposal.left_out,
            "bands": _bands(proposal),
            "held_out": _held_out(proposal),
            "moves": _moves(proposal),
            "correlation": correlation_of(correlation) if correlation is not None else None,
            "notes": proposal.notes,
        }
    )
    return found


def _asked(proposal: Proposal) -> dict[str, Any]:
    request = proposal.study.request
    return {
        "scorecard": request.scorecard,
        "as_of": request.as_of,
        "seed": request.seed,
        "lead_days": proposal.study.observations.lead_days,
        "draws": request.draws,
        "limits": request.limits.model_dump(mode="json", exclude_defaults=True),
    }


def outcomes_of(study: Study) -> dict[str, Any]:
    observations = study.observations
    return {
        "way": observations.way,
        "horizon_days": observations.horizon_days,
        "first": study.first if observations.way != "at_one_date" else None,
        "dates": len(observations.dates),
        "numbers": numbers(observations.codes, observations.lost),
        "without_history": study.without_history,
        "asides": observations.asides,
    }


def _bands(proposal: Proposal) -> dict[str, Any]:
    original = proposal.study.original
    old = original.scorecards[proposal.study.request.scorecard].scheme
    edges = [[one.up_to for one in scheme.bands] for scheme in (original.schemes[old], proposal.bands)]
    labels = proposal.bands.labels
    return {"labels": labels, "old": edges[0], "new": edges[1], "old_scheme": old, "new_scheme": proposal.scheme}


def _held_out(proposal: Proposal) -> dict[str, Any]:
    found = proposal.validation
    observations = proposal.study.observations.take(found.rows)
    return {
        "since": found.since,
        "folds": found.folds,
        "numbers": numbers(observations.codes, observations.lost),
        "figures": found.figures,
    }


def _moves(proposal: Proposal) -> dict[str, Any]:
    moves = proposal.moves
    return {"as_of": moves.as_of, "bands": moves.bands, "up": moves.up, "down": moves.down, "movers": moves.movers}


def correlation_of(correlation: Correlation) -> dict[str, Any]:
    features = correlation.features
    return {
        "curves": correlation.curves,
        "lags": correlation.lags,
        "clusters": correlation.clusters,
        "likeness": {"names": correlation.likeness.names, "matrix": correlation.likeness.matrix.round(3).tolist()},
        "features": features.model_dump() if features is not None else None,
        "no_features": correlation.no_features,
        "sticky_features": correlation.sticky,
        "patterns": correlation.patterns,
        "slopes": correlation.slopes,
    }
