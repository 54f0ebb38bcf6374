"""Everything that goes together with leaving and staying, gathered for a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.engine.columns import nullable, numbers
from keepwell.learning.correlation.curves import Curve, curve
from keepwell.learning.correlation.growth import Slope, slopes
from keepwell.learning.correlation.lags import Lag, lags
from keepwell.learning.correlation.patterns import Pattern, adoption_metric, patterns
from keepwell.learning.correlation.redundancy import Cluster, Likeness, clusters_of, likeness
from keepwell.learning.correlation.sticky import Sticky, sticky_features
from keepwell.learning.correlation.uses import uses
from keepwell.learning.optimizer.limits import Features
from keepwell.learning.optimizer.study import Study
from keepwell.learning.outcomes import Floats
from keepwell.learning.reading import lifetimes


@dataclass(frozen=True)
class Correlation:
    """`curves`: every metric and measure, those that tell most first. `lags`: by metric. `features`: where uses of
    features were found; `no_features` says why there are none. `slopes`: adoption and advocacy against
    expansion too."""

    curves: tuple[Curve, ...]
    lags: Mapping[str, tuple[Lag, ...]]
    clusters: tuple[Cluster, ...]
    likeness: Likeness
    features: Features | None
    sticky: tuple[Sticky, ...]
    no_features: str | None
    patterns: tuple[Pattern, ...]
    slopes: tuple[Slope, ...]


def correlation(study: Study) -> Correlation:
    """All of it, from the observations of a study. Raises DataRefused where the backend refuses a query."""
    found = sorted(_curves(study), key=lambda one: (-(one.information_value or 0), one.kind, one.name))
    used = uses(study) if study.observations.way != "at_one_date" else None
    areas = {one.name: one.auc for one in found if one.kind == "metric"}
    metrics = study.sample.metrics
    adoption = adoption_metric(study.project, metrics, used.features.dataset if used else None, areas)
    alike = likeness(_numeric(metrics))
    return Correlation(
        curves=tuple(found),
        lags=lags(study),
        clusters=clusters_of(alike),
        likeness=alike,
        features=used.features if used else None,
        sticky=sticky_features(study.observations, used, lifetimes(study.project, study.source)) if used else (),
        no_features=None if used else _no_features(study),
        patterns=patterns(study.project, metrics, study.observations, adoption),
        slopes=slopes(study, adoption),
    )


def _curves(study: Study) -> Iterator[Curve]:
    lost, codes = study.observations.lost, study.observations.codes
    for name in study.sample.metrics.column_names:
        column = study.sample.metrics[name]
        if not pa.types.is_temporal(column.type):
            yield curve("metric", name, column, lost, codes)
    for name, scores in study.measures.items():
        yield curve("measure", name, pa.chunked_array([nullable(scores)]), lost, codes)


def _numeric(metrics: pa.Table) -> Mapping[str, Floats]:
    columns = {name: numbers(metrics[name]) for name in metrics.column_names}
    return {name: values for name, values in columns.items() if not np.isnan(values).all()}


def _no_features(study: Study) -> str:
    if study.observations.way == "at_one_date":
        return "outcomes have no dates, so nothing says what was used before them"
    return "no column of dated facts tells of product features; name one under 'features' in the limits"
